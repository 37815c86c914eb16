import { writeMarker } from '../../ingest/envelope.ts'
import type { Poll } from '../../ingest/poll.ts'
import type { Entry, Ledger } from '../ledger.ts'
import { prepareLedger, replaceLedger } from '../ledger-revision.ts'
import { emptyTally, own } from '../tally.ts'
import type { CloseStore } from './close-store.ts'
import { pollResult } from './poll-result.ts'
import type { StreamShard, VoteStream } from './vote-stream.ts'

export type ClosePorts = {
  store: CloseStore
  stream: VoteStream
  /** A steady clock in ms, for how long ago a marker was put. */
  steadyNow: () => number
}

/** How far a poll's closing is: shards of its set that its close marker has passed. */
export type ClosingProgress = { poll: Poll; passed: number; shards: number }

/**
 * Closes polls (design, section 6). Every step may be repeated by anyone at any time: what was done stands in the table
 * and the stream, and is found there.
 */
export type Closer = {
  /**
   * Closes the poll to shards that are not in its set, for good. One that is closed, void or unknown stays as it is.
   *
   * @param closesAt what the definition must still say; without it, the poll is closed by hand
   */
  freeze(pollId: string, closesAt?: number): Promise<Poll | undefined>
  /** One step of a closed poll towards its result; to be repeated until `poll.finalAt` is set. */
  step(poll: Poll): Promise<ClosingProgress>
  /** Notes which ended shards are counted to their end, while the stream can still prove it. */
  noteDrained(): Promise<void>
}

/** A marker that was accepted is in the stream; should nobody have seen it for so long, another one does no harm. */
const markAgainMs = 60_000

/** A poll that another closer has closed is left to it for so long: two that put markers at once only do the work twice. */
const takeOverAfterMs = 2000

export const closer = ({ store, stream, steadyNow }: ClosePorts): Closer => {
  /** When a shard took a poll's marker, by poll and shard. */
  const marked = new Map<string, number>()
  const drained = new Set<string>()
  /** Polls that this closer has closed, or tried to. */
  const frozen = new Set<string>()

  const freeze: Closer['freeze'] = async (pollId, closesAt) => {
    const shards = await stream.listShards()
    frozen.add(pollId)
    return store.closePoll(
      pollId,
      shards.map(({ id }) => id),
      closesAt,
    )
  }

  const isOurs = ({ id, closedAt = 0 }: Poll): boolean =>
    frozen.has(id) || store.now() - closedAt >= takeOverAfterMs

  /** In this order: the shards, the ledgers, the stream. What is found to have ended had then ended before it was read. */
  const step: Closer['step'] = async (poll) => {
    const shards = new Map((await stream.listShards()).map((shard) => [shard.id, shard]))
    const ledgers = new Map((await store.readLedgers(poll.shards)).map((ledger) => [ledger.shardId, ledger]))
    const waiting = poll.shards.filter((id) => !hasPassed(ledgers.get(id), poll.id))
    if (waiting.length === 0) {
      forget(poll)
      const result = pollResult(
        poll,
        poll.shards.flatMap((id) => ledgers.get(id) ?? []),
      )
      const final = await store.finishPoll(poll.id, result)
      return { poll: final, passed: poll.shards.length, shards: poll.shards.length }
    }
    if (isOurs(poll)) {
      const open = waiting.flatMap((id) => (shards.get(id)?.open ? (shards.get(id) ?? []) : []))
      const ended = waiting.filter((id) => !shards.get(id)?.open)
      await Promise.all([mark(poll, open), ...ended.map((id) => stampEnded(poll, id, ledgers.get(id)))])
    }
    return { poll, passed: poll.shards.length - waiting.length, shards: poll.shards.length }
  }

  const mark = async (poll: Poll, shards: readonly StreamShard[]): Promise<void> => {
    const now = steadyNow()
    const due = shards.filter(
      ({ id }) => now - (marked.get(markKey(poll, id)) ?? -markAgainMs) >= markAgainMs,
    )
    if (due.length === 0) return
    for (const id of await stream.putControl(due, writeMarker(poll))) marked.set(markKey(poll, id), now)
  }

  const forget = (poll: Poll): void => {
    frozen.delete(poll.id)
    for (const id of poll.shards) marked.delete(markKey(poll, id))
  }

  /** Stamps the poll in a shard that has ended, or is gone, once nothing in it is left to be counted. */
  const stampEnded = async (poll: Poll, shardId: string, read: Ledger | undefined): Promise<void> => {
    if (await stream.hasBeyond(shardId, read?.checkpoint ?? '0')) return
    const proved = await isProved(read, poll.createdAt)
    const ledger = await prepareLedger(shardId, read, store)
    const entry: Entry = own(ledger.entries, poll.id) ?? { ...emptyTally(), passed: true, lastArrival: null }
    const stamped: Entry = { ...entry, passed: true, ...(proved ? {} : { unproved: true }) }
    // Should the aggregator have been faster, the next step looks again.
    await replaceLedger({ ...ledger, entries: { ...ledger.entries, [poll.id]: stamped } }, store)
  }

  /**
   * Whether nothing can have outlived the retention unread in a shard that holds nothing beyond its checkpoint. Records
   * go in the order of their arrival: as long as the last one that was counted is kept, so is everything behind it.
   *
   * @param since arrival of the first record that matters, epoch ms
   */
  const isProved = async (ledger: Ledger | undefined, since: number): Promise<boolean> => {
    if (ledger?.drained) return true
    const keptSince = store.now() - (await stream.retentionMs())
    return Math.max(since, ledger?.lastArrival ?? 0) > keptSince
  }

  const noteDrained: Closer['noteDrained'] = async () => {
    const ended = (await stream.listShards()).filter(({ id, open }) => !open && !drained.has(id))
    for (const ledger of await store.readLedgers(ended.map(({ id }) => id))) {
      if (!ledger.drained) {
        if (await stream.hasBeyond(ledger.shardId, ledger.checkpoint)) continue
        if (!(await isProved(ledger, 0))) continue
        const prepared = await prepareLedger(ledger.shardId, ledger, store)
        if ((await replaceLedger({ ...prepared, drained: true }, store)) === undefined) continue
      }
      drained.add(ledger.shardId)
    }
  }

  return { freeze, step, noteDrained }
}

const markKey = ({ id }: Poll, shardId: string): string => `${id}/${shardId}`

const hasPassed = (ledger: Ledger | undefined, pollId: string): boolean =>
  ledger !== undefined && own(ledger.entries, pollId)?.passed === true
