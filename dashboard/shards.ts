import type { Ledger } from '../aggregators/ledger.ts'
import { addCounts, own, sum } from '../aggregators/tally.ts'
import { stageLatencies } from './percentiles.ts'
import type { ShardView, Stats } from './read-model.ts'
import { countedIn, perSecond, votesPerSecond } from './scoreboard.ts'
import { newestComplete, type Settled } from './settled.ts'

/** Shards by id: whether each still takes records. Those of the stream, and those that only the table still knows. */
export type ShardStates = ReadonlyMap<string, { open: boolean }>

/** What one poll got in every shard. */
export const pollShards = (
  pollId: string,
  ledgers: readonly Ledger[],
  states: ShardStates,
  settled: Settled,
): ShardView[] =>
  each(ledgers, states, (ledger) => {
    const entry = own(ledger.entries, pollId)
    return {
      counted: sum(entry?.counts ?? {}),
      rejected: sum(entry?.rejected ?? {}),
      votesPerSecond: votesPerSecond(pollId, [ledger], settled),
      lastArrival: entry?.lastArrival ?? null,
    }
  })

/** The whole system over its lifetime (`GET /stats`). */
export const stats = (ledgers: readonly Ledger[], states: ShardStates, settled: Settled): Stats => {
  const shards = each(ledgers, states, (ledger) => ({
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
    shards,
    behindMs: settled.behindMs,
  }
}

const each = (
  ledgers: readonly Ledger[],
  states: ShardStates,
  view: (ledger: Ledger) => Omit<ShardView, 'id' | 'open'>,
): ShardView[] => {
  const known = new Map(ledgers.map((ledger) => [ledger.shardId, ledger]))
  const nothing = { counted: 0, rejected: 0, votesPerSecond: 0, lastArrival: null }
  return [...new Set([...states.keys(), ...known.keys()])].sort().map((id) => {
    const ledger = known.get(id)
    return { id, ...(ledger ? view(ledger) : nothing), open: states.get(id)?.open ?? false }
  })
}

const allVotesPerSecond = (ledger: Ledger, settled: Settled): number => {
  const window = newestComplete(settled)
  return perSecond(sum(countedIn(window, ledger)), window)
}
