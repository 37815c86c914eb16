import type { Ledger } from '../aggregators/ledger.ts'
import { addCounts, own, sum } from '../aggregators/tally.ts'
import type { FinalPoll } from './final-poll.ts'
import { stageLatencies } from './percentiles.ts'
import type { ShardLimit, ShardView, Stats } from './read-model.ts'
import { countedIn, perSecond, votesPerSecond } from './scoreboard.ts'
import { newestComplete, type Settled } from './settled.ts'
import type { StreamTraffic } from './traffic.ts'

/** `open`: whether it still takes records; `parents`: what it was split or merged from, where that is known. */
export type ShardState = { open: boolean; parents?: readonly string[] }

/** Shards by id. Those of the stream, and those that only the table still knows. */
export type ShardStates = ReadonlyMap<string, ShardState>

/** The stream as producers have it; `shardLimit`: what each shard takes, `null` where that limit is lifted. */
export type StreamState = { states: ShardStates; traffic: StreamTraffic; shardLimit: ShardLimit | null }

/** What one poll got in every shard. */
export const pollShards = (
  pollId: string,
  ledgers: readonly Ledger[],
  states: ShardStates,
  settled: Settled,
): ShardView[] =>
  each(ledgersById(ledgers), states, (ledger) => {
    const entry = own(ledger.entries, pollId)
    return {
      counted: sum(entry?.counts ?? {}),
      rejected: sum(entry?.rejected ?? {}),
      votesPerSecond: votesPerSecond(pollId, [ledger], settled),
      lastArrival: entry?.lastArrival ?? null,
    }
  })

/** What a final poll got in every shard, by its result. */
export const finalShards = ({ result }: FinalPoll, states: ShardStates): ShardView[] =>
  each(new Map(Object.entries(result.shards)), states, ({ counted, rejected }) => ({
    ...nothing,
    counted,
    rejected,
  }))

/** The whole system over its lifetime (`GET /stats`). */
export const stats = (
  ledgers: readonly Ledger[],
  { states, traffic, shardLimit }: StreamState,
  settled: Settled,
): Stats => {
  const shards = each(ledgersById(ledgers), states, (ledger) => ({
    counted: ledger.lifetime.counted,
    rejected: sum(ledger.lifetime.rejected),
    votesPerSecond: allVotesPerSecond(ledger, settled),
    lastArrival: ledger.lastArrival,
  }))
  const rejected: Stats['rejected'] = {}
  for (const { lifetime } of ledgers) addCounts(rejected, lifetime.rejected)
  return {
    asOf: settled.now,
    counted: shards.reduce((total, { counted }) => total + counted, 0),
    rejected,
    latency: stageLatencies(ledgers),
    shards: shards.map((shard) => ({
      ...shard,
      parents: [...(states.get(shard.id)?.parents ?? [])],
      traffic: traffic.shards.get(shard.id) ?? null,
    })),
    shardLimit,
    throttledPerSecond: traffic.throttledPerSecond,
    behindMs: settled.behindMs,
  }
}

type ShardFigures = Omit<ShardView, 'id' | 'open'>

const nothing: ShardFigures = { counted: 0, rejected: 0, votesPerSecond: 0, lastArrival: null }

/** A view of every shard of which either is known, its figures or its state, by id. */
const each = <Known>(
  known: ReadonlyMap<string, Known>,
  states: ShardStates,
  view: (known: Known) => ShardFigures,
): ShardView[] =>
  [...new Set([...states.keys(), ...known.keys()])].sort().map((id) => {
    const found = known.get(id)
    return {
      id,
      ...(found === undefined ? nothing : view(found)),
      open: states.get(id)?.open ?? false,
    }
  })

const ledgersById = (ledgers: readonly Ledger[]): ReadonlyMap<string, Ledger> =>
  new Map(ledgers.map((ledger) => [ledger.shardId, ledger]))

const allVotesPerSecond = (ledger: Ledger, settled: Settled): number => {
  const window = newestComplete(settled)
  return perSecond(sum(countedIn(window, ledger)), window)
}
