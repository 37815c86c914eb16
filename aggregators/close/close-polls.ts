import type { Poll } from '../../ingest/poll.ts'
import type { CloseStore } from './close-store.ts'
import type { Closer, ClosingProgress } from './closer.ts'

/** Polls close by themselves this long after `closesAt`: by then every vote that arrived before it is in the stream. */
const closesAfterMs = 250

/** Pauses between two steps, growing while nothing moves. */
const firstPauseMs = 50
const longestPauseMs = 1000

export type CloseReport = {
  /** Polls that became final now. */
  final: string[]
  /** Polls that are closed and not final yet. */
  closing: string[]
  /** When the next poll closes by itself, epoch ms. */
  nextDueAt: number | null
}

export type ClosePollsOptions = {
  closer: Closer
  store: Pick<CloseStore, 'readPollsWithout' | 'now'>
  sleep: (ms: number) => Promise<void>
  /** Whether there is time for another round. */
  hasTime: () => boolean
}

/**
 * Closes every poll whose time has come, and goes on with every one that is closed and not final, until none is left or
 * the time is up. Each poll is on its own; what failed for one is thrown at the end, when the others have gone on.
 */
export const closePolls = async ({
  closer,
  store,
  sleep,
  hasTime,
}: ClosePollsOptions): Promise<CloseReport> => {
  const final: string[] = []
  let pauseMs = firstPauseMs
  let passedBefore = 0
  for (;;) {
    const polls = [...(await store.readPollsWithout('finalAt')).values()].filter(({ voided }) => !voided)
    const now = store.now()
    const steps = await Promise.allSettled(polls.map((poll) => advance(poll, now, closer)))
    const failures = steps.flatMap((step) => (step.status === 'rejected' ? [step.reason] : []))
    const closing = steps.flatMap((step) => (step.status === 'fulfilled' && step.value ? [step.value] : []))
    for (const { poll } of closing) if (poll.finalAt !== undefined) final.push(poll.id)
    const left = closing.filter(({ poll }) => poll.finalAt === undefined)
    const passed = closing.reduce((sum, progress) => sum + progress.passed, 0)
    pauseMs = passed > passedBefore ? firstPauseMs : Math.min(longestPauseMs, 2 * pauseMs)
    passedBefore = passed

    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} polls could not be closed`)
    if (left.length === 0 || !hasTime())
      return { final, closing: left.map(({ poll }) => poll.id), nextDueAt: nextDueAt(polls, now) }
    await sleep(pauseMs)
  }
}

const isDue = ({ closesAt }: Poll, now: number): boolean =>
  closesAt !== null && now >= closesAt + closesAfterMs

/** @returns how far a closed poll is; `undefined` for one that stays open */
const advance = async (poll: Poll, now: number, closer: Closer): Promise<ClosingProgress | undefined> => {
  if (poll.closedAt !== undefined) return closer.step(poll)
  if (poll.closesAt === null || !isDue(poll, now)) return undefined
  const closed = await closer.freeze(poll.id, poll.closesAt)
  return closed?.closedAt === undefined ? undefined : closer.step(closed)
}

const nextDueAt = (polls: readonly Poll[], now: number): number | null => {
  const due = polls.flatMap((poll) =>
    poll.closedAt === undefined && poll.closesAt !== null && !isDue(poll, now)
      ? [poll.closesAt + closesAfterMs]
      : [],
  )
  return due.length === 0 ? null : Math.min(...due)
}
