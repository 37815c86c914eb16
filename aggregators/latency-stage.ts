/** What a vote's way is divided into; the third is the whole of it. */
export const latencyStages = ['acceptedToStored', 'storedToCounted', 'acceptedToCounted'] as const
export type LatencyStage = (typeof latencyStages)[number]
