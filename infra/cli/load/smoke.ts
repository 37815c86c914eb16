import type { Choice } from './menu.ts'

export const smokeScenario: Choice = { summary: 'soon', run: async () => false }
