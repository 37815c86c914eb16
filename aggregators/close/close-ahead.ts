import type { ClosingRun } from './close-polls.ts'

const lookAgainMs = 5000

export type CloseAheadOptions = {
  /** One run of `closePolls`. */
  closePolls: () => Promise<ClosingRun>
  /** For how long from now on polls are waited for, ms; 0: only those that are due already. */
  aheadMs: number
  /** The table's clock, epoch ms. */
  now: () => number
  /** A steady clock in ms. */
  steadyNow: () => number
  sleep: (ms: number) => Promise<void>
}

/**
 * Closes the polls that are due, and then each that becomes due within `aheadMs`, at its time. So a schedule that comes
 * round once a minute closes polls to the second.
 */
export const closeAhead = async (options: CloseAheadOptions): Promise<ClosingRun> => {
  const { closePolls, aheadMs, now, steadyNow, sleep } = options
  const until = steadyNow() + aheadMs
  const final: string[] = []
  const failures = new Map<string, unknown>()
  for (;;) {
    const report = await closePolls()
    final.push(...report.final)
    for (const [poll, error] of report.failures) failures.set(poll, error)
    const waitMs =
      report.nextDueAt === null ? Number.POSITIVE_INFINITY : Math.max(0, report.nextDueAt - now())
    if (steadyNow() + waitMs > until) return { ...report, final, failures }
    // Meanwhile a poll may come that closes sooner.
    await sleep(Math.min(waitMs, lookAgainMs))
  }
}
