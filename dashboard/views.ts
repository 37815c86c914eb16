import { isDefined, pollStatus, publicDefinition } from '../ingest/poll.ts'
import { cached } from './cached.ts'
import { readCounted, readDefined } from './counted.ts'
import { finalScoreboard } from './final-poll.ts'
import { pollParts } from './poll-parts.ts'
import type { PollsView, Scoreboard, ShardLimit, ShardsView, Stats, WindowsView } from './read-model.ts'
import type { ReadStore } from './read-store.ts'
import { scoreboard } from './scoreboard.ts'
import type { Settled } from './settled.ts'
import { finalShards, pollShards, type ShardStates, stats } from './shards.ts'
import { type StreamTraffic, unknownTraffic } from './traffic.ts'
import { type Warn, watched } from './watched.ts'
import { windows } from './windows.ts'

/** The dashboard's questions; `undefined` where the poll is not known. */
export type Views = {
  polls(): Promise<PollsView>
  scoreboard(pollId: string): Promise<Scoreboard | undefined>
  /** @param since epoch ms; without it, the newest windows */
  windows(pollId: string, since: number | undefined, limit: number): Promise<WindowsView | undefined>
  shards(pollId: string): Promise<ShardsView | undefined>
  stats(): Promise<Stats>
}

export type ViewsOptions = {
  store: ReadStore
  now: () => number
  windowMs: number
  /** For how long an iterator age may be shown again; on AWS it changes once a minute and costs a request. */
  iteratorAgeMaxAgeMs: number
  /** What `/stats` tells of the stream; without it nothing is known of its traffic, as in a replay. */
  traffic?: TrafficOptions
  warn: Warn
}

export type TrafficOptions = {
  read(shardIds: readonly string[]): Promise<StreamTraffic>
  /** Length of the periods that it is measured in; it is read once in each. */
  periodMs: number
  /** What each shard takes; `null` where that limit is lifted. */
  shardLimit: ShardLimit | null
}

/** The shard list is a control-plane call with a limit of its own. */
const shardStatesMaxAgeMs = 5000

export const views = ({ store, now, windowMs, iteratorAgeMaxAgeMs, traffic, warn }: ViewsOptions): Views => {
  const shardStates = cached(store.readShardStates, shardStatesMaxAgeMs, now)
  const iteratorAge = watched(
    cached(store.readIteratorAge, iteratorAgeMaxAgeMs, now),
    'It is not known how far counting is behind',
    warn,
  )
  const streamTraffic = watched(
    traffic === undefined ? async () => unknownTraffic : eachPeriod(traffic, shardStates, now),
    'It is not known what producers send to the stream',
    warn,
  )

  const settled = async (): Promise<Settled> => ({ behindMs: await iteratorAge(), now: now(), windowMs })

  return {
    polls: async () => {
      const polls = [...(await store.readPolls()).values()].filter(isDefined)
      polls.sort((left, right) => right.createdAt - left.createdAt)
      return { polls: polls.map((poll) => ({ ...publicDefinition(poll), status: pollStatus(poll, now()) })) }
    },
    scoreboard: async (pollId) => {
      // The age is asked for first: what is read afterwards is at least as fresh as it says.
      const at = await settled()
      const counted = await readCounted(store, pollId)
      if (counted === undefined) return undefined
      if (counted.kind === 'final') return finalScoreboard(counted.poll, now())
      return scoreboard(counted.poll, counted.ledgers, { ...at, now: now() })
    },
    windows: async (pollId, since, limit) => {
      const at = await settled()
      const poll = await readDefined(store, pollId)
      if (poll === undefined) return undefined
      // Of a final poll too: its last part may not be sealed yet, or not be in the index.
      const ledgers = await store.readLedgers(poll.shards)
      const order = since === undefined ? 'newest first' : 'oldest first'
      const span = {
        from: Math.max(since ?? 0, poll.createdAt - windowMs),
        // Until a poll is final, a shard that is behind may still count votes for it.
        to: poll.finalAt === undefined ? undefined : poll.finalAt + windowMs,
      }
      const { parts, covers } = await pollParts(poll.id, store.readParts(span, order), order, limit)
      const found = windows(poll, parts, ledgers, at).filter(
        ({ start }) => start >= (since ?? 0) && covers(start),
      )
      return { windows: since === undefined ? found.slice(-limit) : found.slice(0, limit) }
    },
    shards: async (pollId) => {
      const at = await settled()
      const [states, counted] = await Promise.all([shardStates(), readCounted(store, pollId)])
      if (counted === undefined) return undefined
      if (counted.kind === 'final') return { shards: finalShards(counted.poll, states) }
      return { shards: pollShards(pollId, counted.ledgers, states, at) }
    },
    stats: async () => {
      const at = await settled()
      const [states, ids, sent] = await Promise.all([shardStates(), store.readShardIds(), streamTraffic()])
      const stream = { states, traffic: sent ?? unknownTraffic, shardLimit: traffic?.shardLimit ?? null }
      return stats(await store.readLedgers(ids), stream, { ...at, now: now() })
    },
  }
}

/** What the open shards were sent, read once in each period. */
const eachPeriod = (
  { read, periodMs }: TrafficOptions,
  shardStates: () => Promise<ShardStates>,
  now: () => number,
): (() => Promise<StreamTraffic>) => {
  const readOpen = async (): Promise<StreamTraffic> => {
    const states = [...(await shardStates())]
    return read(states.flatMap(([id, { open }]) => (open ? [id] : [])))
  }
  return cached(readOpen, periodMs, () => Math.floor(now() / periodMs) * periodMs)
}
