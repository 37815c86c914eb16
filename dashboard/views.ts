import { isDefined, pollStatus, publicDefinition } from '../ingest/poll.ts'
import { cached } from './cached.ts'
import { readCounted, readDefined } from './counted.ts'
import { finalScoreboard } from './final-poll.ts'
import { type Warn, watchedAge } from './iterator-age.ts'
import { pollParts } from './poll-parts.ts'
import type { PollsView, Scoreboard, ShardsView, Stats, WindowsView } from './read-model.ts'
import type { ReadStore } from './read-store.ts'
import { scoreboard } from './scoreboard.ts'
import type { Settled } from './settled.ts'
import { finalShards, pollShards, stats } from './shards.ts'
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
  warn: Warn
}

/** The shard list is a control-plane call with a limit of its own. */
const shardStatesMaxAgeMs = 5000

export const views = ({ store, now, windowMs, iteratorAgeMaxAgeMs, warn }: ViewsOptions): Views => {
  const shardStates = cached(store.readShardStates, shardStatesMaxAgeMs, now)
  const iteratorAge = watchedAge(cached(store.readIteratorAge, iteratorAgeMaxAgeMs, now), warn)

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
      const [states, ids] = await Promise.all([shardStates(), store.readShardIds()])
      return stats(await store.readLedgers(ids), states, { ...at, now: now() })
    },
  }
}
