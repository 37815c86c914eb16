import type { PartBody } from '../aggregators/part.ts'
import { own } from '../aggregators/tally.ts'
import { type Poll, pollStatus, publicDefinition } from '../ingest/poll.ts'
import { cached } from './cached.ts'
import type { PollsView, Scoreboard, ShardsView, Stats, WindowsView } from './read-model.ts'
import type { ReadStore } from './read-store.ts'
import { scoreboard } from './scoreboard.ts'
import type { Settled } from './settled.ts'
import { pollShards, stats } from './shards.ts'
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
}

/** The shard list is a control-plane call with a limit of its own. */
const shardStatesMaxAgeMs = 5000

export const views = ({ store, now, windowMs, iteratorAgeMaxAgeMs }: ViewsOptions): Views => {
  const shardStates = cached(store.readShardStates, shardStatesMaxAgeMs, now)
  const iteratorAge = cached(store.readIteratorAge, iteratorAgeMaxAgeMs, now)

  /** How far counting is behind; a metric that cannot be had is unknown, and no reason to show no scoreboard. */
  const settled = async (): Promise<Settled> => ({
    behindMs: await iteratorAge().catch(() => null),
    now: now(),
    windowMs,
  })

  const defined = async (pollId: string): Promise<Poll | undefined> => {
    const poll = await store.readPoll(pollId)
    return poll?.voided ? undefined : poll
  }

  return {
    polls: async () => {
      const polls = [...(await store.readPolls()).values()].filter(({ voided }) => !voided)
      polls.sort((left, right) => right.createdAt - left.createdAt)
      return { polls: polls.map((poll) => ({ ...publicDefinition(poll), status: pollStatus(poll, now()) })) }
    },
    scoreboard: async (pollId) => {
      // The age is asked for first: what is read afterwards is at least as fresh as it says.
      const at = await settled()
      const poll = await defined(pollId)
      return poll && scoreboard(poll, await store.readLedgers(poll.shards), { ...at, now: now() })
    },
    windows: async (pollId, since, limit) => {
      const at = await settled()
      const poll = await defined(pollId)
      if (poll === undefined) return undefined
      const ledgers = await store.readLedgers(poll.shards)
      const order = since === undefined ? 'newest first' : 'oldest first'
      const from = Math.max(since ?? 0, poll.createdAt - windowMs)
      const parts = await partsOf(poll.id, store.readParts(from, order), limit)
      const found = windows(poll.id, parts, ledgers, at).filter(({ start }) => start >= (since ?? 0))
      return { windows: since === undefined ? found.slice(-limit) : found.slice(0, limit) }
    },
    shards: async (pollId) => {
      const at = await settled()
      const poll = await defined(pollId)
      if (poll === undefined) return undefined
      const [states, ledgers] = await Promise.all([shardStates(), store.readLedgers(poll.shards)])
      return { shards: pollShards(poll.id, ledgers, states, at) }
    },
    stats: async () => {
      const at = await settled()
      const [states, ids] = await Promise.all([shardStates(), store.readShardIds()])
      return stats(await store.readLedgers(ids), states, { ...at, now: now() })
    },
  }
}

/** A poll's parts, page by page, until they cover more than `limit` windows: the last one may then be incomplete. */
const partsOf = async (
  pollId: string,
  pages: AsyncIterable<PartBody[]>,
  limit: number,
): Promise<PartBody[]> => {
  const parts: PartBody[] = []
  const starts = new Set<number>()
  for await (const page of pages)
    for (const part of page) {
      if (own(part.polls, pollId) === undefined) continue
      starts.add(part.window.start)
      if (starts.size > limit) return parts
      parts.push(part)
    }
  return parts
}
