import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Timeouts end a test that hangs; they measure nothing. They are wide because two shared cores can be slow; a test that
// needs longer says so itself.
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit and int',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.e2e.test.ts'],
          maxWorkers: availableParallelism() + 1, // some wait; Vitest's own choice on two cores is one
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect: { poll: { timeout: 20_000 } },
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Each of these files starts a whole instance or a browser, so they run after the others.
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 60_000 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
