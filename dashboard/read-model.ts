import type { LatencyStage } from '../aggregators/latency-stage.ts'
import type { PollDefinition, PollOption, PollStatus } from '../ingest/poll.ts'
import type { Rejections } from '../ingest/rejection.ts'

/** The shapes that the dashboard's requests are answered with (design, sections 4 and 7). Times are epoch ms. */

export type Percentiles = { count: number; p50: number; p90: number; p99: number; p999: number; max: number }

/** `upTo`: the highest latency, in ms, that falls into the bucket. Empty buckets are left out; ascending. */
export type LatencyBucket = { upTo: number; count: number }

/** `clamped` votes lay outside 0–1 h and were counted at that border. */
export type StageLatency = Percentiles & { clamped: number; buckets: LatencyBucket[] }

/** `GET /polls` */
export type PollsView = { polls: (PollDefinition & { status: PollStatus })[] }

/** `GET /polls/{poll}/scoreboard` */
export type Scoreboard = {
  poll: Omit<PollDefinition, 'createdAt'>
  status: PollStatus
  asOf: number
  /** `4 × (counted + rejected) + rank of status`: never falls. */
  version: number
  counted: number
  rejected: Rejections
  options: (PollOption & { votes: number; share: number })[]
  /** Votes of the newest complete window by its length. */
  votesPerSecond: number
  /** Accepted → counted, over the shards of the poll, in ms. */
  latency: Percentiles
  freshness: Freshness
  /** Only of a final poll. */
  final?: Finality
  /** Only in a replay of the past (`npm run audit -- replay`), where no vote is taken. */
  replay?: true
}

/** How a poll became final. `unproved`: shards in which votes may have expired unread; `proved` when there are none. */
export type Finality = { closedAt: number; finalAt: number; proved: boolean; unproved: string[] }

export type Freshness = {
  /** Arrival of the newest counted or rejected record; `null` before the first. */
  newestArrival: number | null
  /** Age of the oldest unread record; `null` if unknown. */
  behindMs: number | null
  shardsReporting: number
  shards: number
}

/** One tumbling window `[start, end)` of a poll, merged over shards. */
export type WindowView = {
  start: number
  end: number
  complete: boolean
  counts: Record<string, number>
  rejected: Rejections
}

/** `GET /polls/{poll}/windows` */
export type WindowsView = { windows: WindowView[] }

export type ShardView = {
  id: string
  counted: number
  rejected: number
  votesPerSecond: number
  /** Epoch ms; `null` before the first, and of a final poll, whose result does not keep it by shard. */
  lastArrival: number | null
  /** Whether the shard still takes records. */
  open: boolean
}

/** `GET /polls/{poll}/shards` */
export type ShardsView = { shards: ShardView[] }

/**
 * What producers sent to one shard, over the newest whole period that was measured. Bytes count partition keys; refused
 * records (`throttledPerSecond`) are in neither of the other two.
 */
export type Traffic = { recordsPerSecond: number; bytesPerSecond: number; throttledPerSecond: number }

/** What a shard takes a second. */
export type ShardLimit = { recordsPerSecond: number; bytesPerSecond: number }

/** One shard in `/stats`. */
export type StreamShardView = ShardView & {
  /** The shards it was split or merged from; they may be gone already. */
  parents: string[]
  /** `null` when not known (on AWS: without shard metrics, setting `shardMetrics`). */
  traffic: Traffic | null
}

/** `GET /stats`: the whole system over its lifetime, every poll and votes for none. */
export type Stats = {
  asOf: number
  counted: number
  rejected: Rejections
  latency: Record<LatencyStage, StageLatency>
  shards: StreamShardView[]
  /** Kinesis's write limit of each shard; `null` where it is lifted (`npm start -- --no-shard-limits`). */
  shardLimit: ShardLimit | null
  /** Records refused per second over the whole stream, in the newest whole period; `null` when not known. */
  throttledPerSecond: number | null
  behindMs: number | null
}
