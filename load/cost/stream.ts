import { kinesisShardLimit } from '../../dashboard/shard-limit.ts'
import { assumptions } from './assumptions.ts'
import { charge } from './price.ts'
import { prices } from './prices.ts'

export type StreamMode = 'provisioned' | 'on-demand' | 'on-demand advantage'

export const streamModes: readonly StreamMode[] = ['provisioned', 'on-demand', 'on-demand advantage']

/** What a stream is asked to take. */
export type Flow = { recordsPerSecond: number; recordBytes: number; hours: number }

const kb = 1024

/** What a shard takes, partition keys included. */
export const { recordsPerSecond: shardRecordsPerSecond, bytesPerSecond: shardBytesPerSecond } =
  kinesisShardLimit

/** Advantage commits the account to so much in and out, for a day at least. */
const committedBytesPerSecond = 25 * 2 ** 20
const committedHours = 24

/** Bytes of the record that holds so many votes. */
export const recordBytes = (votes: number): number =>
  assumptions.envelopeBytes + votes * assumptions.voteBytes

/** How many shards' worth of records and of bytes such a flow is, without headroom; the larger one binds. */
export const shardsUsed = ({ recordsPerSecond, recordBytes }: Omit<Flow, 'hours'>) => ({
  byRecords: recordsPerSecond / shardRecordsPerSecond,
  byBytes: (recordsPerSecond * recordBytes) / shardBytesPerSecond,
})

/** Shards that such a flow needs, with headroom; one at the least. */
export const shardsFor = (flow: Omit<Flow, 'hours'>, headroom: number = assumptions.headroom): number => {
  const { byRecords, byBytes } = shardsUsed(flow)
  // 70 × 1.1 is a little over 77 in floating point, and needs no 78th shard.
  return Math.max(1, Math.ceil(Math.max(byRecords, byBytes) * headroom - 1e-9))
}

/** US dollars for provisioned shards that are there for so long, whatever goes through them; 7 days of retention included. */
export const shardsUsd = (shards: number, hours: number): number =>
  charge(prices.shardHours, shards * hours) + charge(prices.retentionShardHours, shards * hours)

/** US dollars for what goes through a stream, its shards or its hours included. */
export const streamUsd = (mode: StreamMode, shards: number, flow: Flow): number => {
  const records = flow.recordsPerSecond * flow.hours * 3_600
  if (mode === 'provisioned')
    return (
      shardsUsd(shards, flow.hours) +
      charge(prices.putUnits, records * Math.ceil(flow.recordBytes / (25 * kb)))
    )
  const billed = records * roundedUp(flow.recordBytes, kb)
  const kept = charge(
    prices.onDemandKept,
    records * flow.recordBytes * (assumptions.daysKeptBeyondFirst / 30),
  )
  if (mode === 'on-demand')
    return (
      charge(prices.streamHours, flow.hours) +
      charge(prices.standardIn, billed) +
      charge(prices.standardOut, billed * assumptions.consumers) +
      kept
    )
  return (
    charge(prices.advantageIn, atLeastCommitted(billed, flow.hours)) +
    charge(prices.advantageOut, atLeastCommitted(billed * assumptions.consumers, flow.hours)) +
    kept
  )
}

/** Bytes rounded up to whole steps. */
export const roundedUp = (bytes: number, step: number): number => Math.ceil(bytes / step) * step

/** The commitment is taken to hold hour by hour: an hour above it does not make up for one below. */
const atLeastCommitted = (bytes: number, hours: number): number => {
  const committedPerHour = committedBytesPerSecond * 3_600
  const quietHours = Math.max(0, committedHours - hours)
  return Math.max(bytes, committedPerHour * hours) + committedPerHour * quietHours
}
