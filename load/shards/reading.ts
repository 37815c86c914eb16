import type { Traffic } from '../../dashboard/read-model.ts'
import { shardBytesPerSecond, shardRecordsPerSecond } from '../cost/stream.ts'

/** One open shard. */
export type ShardReading = {
  id: string
  /** Its hash keys, in decimal, both included. */
  range: { start: string; end: string }
  /** Of all hash keys, 0–1. */
  rangeShare: number
  /** Counted in the newest complete window. */
  votesPerSecond: number
  /** `null` where the stream's metrics do not tell. */
  traffic: Traffic | null
  /** Age of its oldest unread record; `null` if unknown. */
  iteratorAgeMs: number | null
  /** Records per second, or votes per second where `traffic` is not known, over the last minutes, oldest first. */
  history: number[]
}

/** A stream at one moment. */
export type StreamReading = {
  stream: string
  /** The AWS endpoint; `undefined`: AWS itself. */
  endpoint: string | undefined
  /** Epoch ms. */
  at: number
  /** As Kinesis says it: `ACTIVE`, `UPDATING` and so on. */
  status: string
  onDemand: boolean
  /** The open ones, in the order of their hash keys. */
  shards: ShardReading[]
  /** Of the whole stream, shards that ended meanwhile included; `null` when nothing fresh is known. */
  traffic: Traffic | null
  /** Rates of traffic are means over so many ms, which ended at `measuredAt` (epoch ms). */
  measuredMs: number
  measuredAt: number
  /** Whether the stream tells its traffic by shard (on AWS: shard-level metrics). */
  shardMetrics: boolean
}

/** How much of one shard's limit this takes, as it was taken: 1 is all of it. */
export const shareOfLimit = ({ recordsPerSecond, bytesPerSecond }: Traffic): number =>
  Math.max(recordsPerSecond / shardRecordsPerSecond, bytesPerSecond / shardBytesPerSecond)

/** The same as it was offered: what was refused included, its records taken to be as long as the others. */
export const offeredLoad = ({ recordsPerSecond, bytesPerSecond, throttledPerSecond }: Traffic): number => {
  const offered = recordsPerSecond + throttledPerSecond
  const bytes = recordsPerSecond === 0 ? 0 : (bytesPerSecond * offered) / recordsPerSecond
  return shareOfLimit({ recordsPerSecond: offered, bytesPerSecond: bytes, throttledPerSecond: 0 })
}

const allHashKeys = 2 ** 128

/** The share of all hash keys that lie in a range, 0–1. */
export const rangeShareOf = ({ start, end }: ShardReading['range']): number =>
  Number(BigInt(end) - BigInt(start) + 1n) / allHashKeys

/** The hash key that cuts a range in two halves: where the upper one begins. */
export const middleOf = ({ start, end }: ShardReading['range']): string =>
  String((BigInt(start) + BigInt(end) + 1n) / 2n)
