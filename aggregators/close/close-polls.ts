import { isDefined, type Poll } from '../../ingest/poll.ts'
import type { CloseStore } from './close-store.ts'
import type { Closer } from './closer.ts'

/** Polls close by themselves this long after `closesAt`: by then every vote that arrived before it is in the stream. */
const closesAfterMs = 250

/** Between two rounds: short as long as markers are on their way, then longer and longer. */
const pauseMs = (elapsedMs: number): number => (elapsedMs < 3000 ? 50 : Math.min(1000, elapsedMs / 20))

export type CloseReport = {
  /** Polls that became final now. */
  final: string[]
  /** Polls that are closed and not final yet. */
  closing: string[]
  /** When the next poll closes by itself, epoch ms. */
  nextDueAt: number | null
}

/** A report, and what went wrong, by poll. */
export type ClosingRun = CloseReport & { failures: ReadonlyMap<string, unknown> }

export type ClosePollsOptions = {
  closer: Closer
  store: Pick<CloseStore, 'readPollsWithout' | 'now'>
  /** A steady clock in ms. */
  steadyNow: () => number
  sleep: (ms: number) => Promise<void>
  /** Whether there is time for another round. */
  hasTime: () => boolean
}

/**
 * Closes every poll whose time has come, and goes on with every one that is closed and not final, until none is left or
 * the time is up. Each poll is on its own: one that fails is left out of the further rounds, and told of at the end.
 */
export const closePolls = async (options: ClosePollsOptions): Promise<ClosingRun> => {
  const { closer, store, steadyNow, sleep, hasTime } = options
  const startedAt = steadyNow()
  const final: string[] = []
  const failed = new Map<string, unknown>()
  const attempt = async <T>(poll: Poll, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      failed.set(poll.id, error)
      return undefined
    }
  }

  for (;;) {
    const polls = [...(await store.readPollsWithout('finalAt')).values()].filter(
      (poll) => isDefined(poll) && !failed.has(poll.id),
    )
    const closed = await Promise.all(
      polls.map((poll) => attempt(poll, () => closeIfDue(poll, store.now(), closer))),
    )
    const closing = closed.filter((poll) => poll !== undefined)
    const sight = closing.length > 0 ? await closer.look(closing) : undefined
    const steps = sight
      ? await Promise.all(closing.map((poll) => attempt(poll, () => closer.step(poll, sight))))
      : []
    for (const step of steps) if (step?.poll.finalAt !== undefined) final.push(step.poll.id)
    const left = steps.flatMap((step) => (step && step.poll.finalAt === undefined ? [step.poll.id] : []))
    if (left.length === 0 || !hasTime())
      return { final, closing: left, nextDueAt: nextDueAt(polls, store.now()), failures: failed }
    await sleep(pauseMs(steadyNow() - startedAt))
  }
}

/** What a run has done. Throws when it failed at a poll, whatever it did for the others. */
export const reportOf = ({ failures, ...report }: ClosingRun): CloseReport => {
  if (failures.size === 0) return report
  const polls = [...failures.keys()].join(', ')
  throw new AggregateError(failures.values(), `polls that could not be closed: ${polls}`)
}

const isDue = ({ closesAt }: Poll, now: number): boolean =>
  closesAt !== null && now >= closesAt + closesAfterMs

/** @returns the poll if it is closed, now or before; `undefined` for one that stays open */
const closeIfDue = async (poll: Poll, now: number, closer: Closer): Promise<Poll | undefined> => {
  if (poll.closedAt !== undefined) return poll
  if (poll.closesAt === null || !isDue(poll, now)) return undefined
  const closed = await closer.freeze(poll.id, poll.closesAt)
  return closed?.closedAt === undefined ? undefined : closed
}

const nextDueAt = (polls: readonly Poll[], now: number): number | null => {
  const due = polls.flatMap((poll) =>
    poll.closedAt === undefined && poll.closesAt !== null && !isDue(poll, now)
      ? [poll.closesAt + closesAfterMs]
      : [],
  )
  return due.length === 0 ? null : Math.min(...due)
}
