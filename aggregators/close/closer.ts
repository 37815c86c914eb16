import { writeMarker } from '../../ingest/envelope.ts'
import type { Poll } from '../../ingest/poll.ts'
import type { Entry, Ledger } from '../ledger.ts'
import { prepareLedger, replaceLedger } from '../ledger-revision.ts'
import { goneUntil, withLoss, withoutLoss, youngSince } from '../retention.ts'
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

/** The shards, and then the ledgers, as they were read for one round; all polls that close share it. */
export type Sight = {
  shards: ReadonlyMap<string, StreamShard>
  ledgers: ReadonlyMap<string, Ledger>
}

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
  /** Reads what a step of these polls needs. */
  look(polls: readonly Poll[]): Promise<Sight>
  /** One step of a closed poll towards its result; to be repeated, with a new sight, until `poll.finalAt` is set. */
  step(poll: Poll, sight: Sight): Promise<ClosingProgress>
}

/** A marker that was accepted is in the stream; should nobody have seen it for so long, another one does no harm. */
const markAgainMs = 60_000

/** A poll that another closer has closed is left to it for so long: two that put markers at once only do the work twice. */
const takeOverAfterMs = 2000

export const closer = ({ store, stream, steadyNow }: ClosePorts): Closer => {
  /** When a shard took a poll's marker, by poll and shard. */
  const marked = new Map<string, number>()
  /** Ledgers in which a poll was seen stamped, by poll and shard: what they say of it is frozen, and need not be read again. */
  const stamped = new Map<string, Ledger>()
  /** Polls that this closer has closed, or tried to. */
  const frozen = new Set<string>()

  const freeze: Closer['freeze'] = async (pollId, closesAt) => {
    const listed = (await stream.listShards()).map(({ id }) => id)
    // And shards that the stream has forgotten, should there have been votes in them that nobody counted.
    const known = (await store.readLedgers(await store.readShardIds())).filter(({ drained }) => !drained)
    frozen.add(pollId)
    return store.closePoll(
      pollId,
      [...new Set([...listed, ...known.map(({ shardId }) => shardId)])],
      closesAt,
    )
  }

  // In this order: the shards, the ledgers, the stream. What is found to have ended had then ended before it was read.
  const look: Closer['look'] = async (polls) => {
    forgetOthers(polls)
    const shards = await stream.listShards()
    const unstamped = polls.flatMap((poll) => poll.shards.filter((id) => !stamped.has(keyOf(poll, id))))
    const ledgers = await store.readLedgers([...new Set(unstamped)])
    return {
      shards: new Map(shards.map((shard) => [shard.id, shard])),
      ledgers: new Map(ledgers.map((ledger) => [ledger.shardId, ledger])),
    }
  }

  /** Polls that somebody else has finished meanwhile are looked at no more. */
  const forgetOthers = (polls: readonly Poll[]): void => {
    const ids = new Set(polls.map(({ id }) => id))
    for (const key of [...marked.keys(), ...stamped.keys()])
      if (!ids.has(key.split('/', 1).join())) {
        marked.delete(key)
        stamped.delete(key)
      }
    for (const id of frozen) if (!ids.has(id)) frozen.delete(id)
  }

  const step: Closer['step'] = async (poll, { shards, ledgers }) => {
    for (const id of poll.shards) {
      const ledger = ledgers.get(id)
      if (ledger && own(ledger.entries, poll.id)?.passed) stamped.set(keyOf(poll, id), ledger)
    }
    const waiting = poll.shards.filter((id) => !stamped.has(keyOf(poll, id)))
    const passed = poll.shards.length - waiting.length
    if (waiting.length === 0) {
      const all = poll.shards.flatMap((id) => stamped.get(keyOf(poll, id)) ?? [])
      return finished(
        await store.finishPoll(poll.id, pollResult(poll, await withoutNeedlessDoubt(poll, all))),
      )
    }
    // Where another closer was faster, ledgers have let go of the poll, and what looks unstamped is not.
    const now = await store.readPoll(poll.id)
    if (now?.finalAt !== undefined) return finished(now)
    if (isOurs(poll)) {
      const open = waiting.flatMap((id) => (shards.get(id)?.open ? (shards.get(id) ?? []) : []))
      const ended = waiting.filter((id) => !shards.get(id)?.open)
      await Promise.all([mark(poll, open), ...ended.map((id) => stampEnded(poll, id, ledgers.get(id)))])
    }
    return { poll, passed, shards: poll.shards.length }
  }

  /** The ledgers of shards that are young without what had to be feared of them, should nobody have taken it back yet. */
  const withoutNeedlessDoubt = async (poll: Poll, ledgers: readonly Ledger[]): Promise<Ledger[]> => {
    const isDoubted = ({ lostUntil }: Ledger): boolean =>
      lostUntil !== undefined && lostUntil >= poll.createdAt
    if (!ledgers.some(isDoubted)) return [...ledgers]
    const retentionMs = await stream.retentionMs()
    const since = youngSince(store.now(), retentionMs)
    const young = await stream.bornSince(since)
    const isSure = since > goneUntil(store.now(), retentionMs)
    return ledgers.map((ledger) => (isSure && young.has(ledger.shardId) ? withoutLoss(ledger) : ledger))
  }

  const isOurs = ({ id, closedAt = 0 }: Poll): boolean =>
    frozen.has(id) || store.now() - closedAt >= takeOverAfterMs

  const finished = (poll: Poll): ClosingProgress => {
    frozen.delete(poll.id)
    for (const id of poll.shards) {
      marked.delete(keyOf(poll, id))
      stamped.delete(keyOf(poll, id))
    }
    return { poll, passed: poll.shards.length, shards: poll.shards.length }
  }

  const mark = async (poll: Poll, shards: readonly StreamShard[]): Promise<void> => {
    const now = steadyNow()
    const due = shards.filter(({ id }) => now - (marked.get(keyOf(poll, id)) ?? -markAgainMs) >= markAgainMs)
    if (due.length === 0) return
    for (const id of await stream.putControl(due, writeMarker(poll))) marked.set(keyOf(poll, id), now)
  }

  /** Stamps the poll in a shard that has ended, or is gone, once nothing in it is left to be counted. */
  const stampEnded = async (poll: Poll, shardId: string, read: Ledger | undefined): Promise<void> => {
    const beyond = await stream.lookBeyond(shardId, read?.checkpoint ?? '0')
    if (beyond !== 'end of shard' && beyond !== 'gone') return
    const ledger = await prepareLedger(shardId, read, store)
    const entry: Entry = own(ledger.entries, poll.id) ?? { ...emptyTally(), passed: true, lastArrival: null }
    const entries = { ...ledger.entries, [poll.id]: { ...entry, passed: true } }
    const counted = withLoss(ledger, store.now(), await stream.retentionMs())
    // Should the aggregator have been faster, the next step looks again.
    await replaceLedger({ ...counted, entries, drained: true }, store)
  }

  return { freeze, look, step }
}

const keyOf = ({ id }: Poll, shardId: string): string => `${id}/${shardId}`
