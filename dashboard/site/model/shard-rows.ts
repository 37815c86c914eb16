import type { Stats, StreamShardView } from '../../read-model.ts'
import { countText, rateText } from './figures.ts'
import { type Gauge, gaugeOf } from './shard-gauge.ts'
import { shardNumber } from './shard-name.ts'

/** One open shard. `fill`: length of its bar, 0–1. Texts that do not apply are empty. */
export type ShardRow = {
  id: string
  name: string
  loadText: string
  fill: number
  votesText: string
  throttledText: string
}

/** `headThrottled`: what the whole stream refuses, empty when not known. `more`: of the open shards without a row. */
export type ShardRows = {
  head: string
  headThrottled: string
  throttled: boolean
  rows: ShardRow[]
  more: string
  note: string
}

/** More rows than this are not read. */
const maxRows = 16

/** So much busier than a shard with a row must one without be to take its place; else rows would change all the time. */
const lead = 1.25

/**
 * The open shards in the order of their ids. Of more than 16 the busiest have rows, those that refuse records before all
 * others.
 *
 * @param shown ids of the shards that have a row so far
 */
export const shardRows = (stats: Stats, shown: ReadonlySet<string> = new Set()): ShardRows => {
  const gauge = gaugeOf(stats)
  const open = stats.shards.filter((shard) => shard.open)
  const rank = (shard: StreamShardView): number => gauge.level(shard) * (shown.has(shard.id) ? lead : 1)
  const ranked = open.toSorted((a, b) => Number(refused(b) > 0) - Number(refused(a) > 0) || rank(b) - rank(a))
  const chosen = new Set(ranked.slice(0, maxRows))
  const full = gauge.full ?? Math.max(0, ...open.map(gauge.level))
  const votes = stats.shards.reduce((sum, { votesPerSecond }) => sum + votesPerSecond, 0)
  const throttled = stats.throttledPerSecond
  return {
    head: `${countText(open.length)} open ${open.length === 1 ? 'shard' : 'shards'} · ${rateText(votes)} votes/s`,
    headThrottled: throttled === null ? '' : `throttled ${rateText(throttled)}/s`,
    throttled: (throttled ?? 0) > 0,
    rows: open
      .filter((shard) => chosen.has(shard))
      .map((shard) => rowOf(shard, gauge, full === 0 ? 0 : Math.min(1, gauge.level(shard) / full))),
    more: moreText(ranked.slice(maxRows), gauge),
    note: open.some((shard) => gauge.level(shard) > 0 || refused(shard) > 0)
      ? gauge.note
      : votes > 0
        ? 'The open shards have no figures yet.'
        : 'Nothing is flowing.',
  }
}

const refused = ({ traffic }: StreamShardView): number => traffic?.throttledPerSecond ?? 0

const rowOf = (shard: StreamShardView, gauge: Gauge, fill: number): ShardRow => {
  const loadText = gauge.text(shard)
  const votesText = `${rateText(shard.votesPerSecond)} votes/s`
  return {
    id: shard.id,
    name: `shard ${shardNumber(shard.id)}`,
    loadText,
    fill,
    votesText: votesText === loadText ? '' : votesText,
    throttledText: refused(shard) > 0 ? `throttled ${rateText(refused(shard))}/s` : '',
  }
}

const moreText = (others: readonly StreamShardView[], gauge: Gauge): string => {
  if (others.length === 0) return ''
  const most = Math.max(...others.map(gauge.level))
  const throttled = others.reduce((sum, shard) => sum + refused(shard), 0)
  const refusals = throttled === 0 ? '' : `, together throttled ${rateText(throttled)}/s`
  return `and ${countText(others.length)} more, each at ${gauge.levelText(most)} at most${refusals}`
}
