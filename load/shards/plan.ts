import { shardBytesPerSecond, shardRecordsPerSecond, shardsFor, shardsUsed } from '../cost/stream.ts'
import { type ClosingTime, closingTime } from './plan-closing.ts'
import { type CostRequest, type WayCost, wayCosts } from './plan-cost.ts'
import { type QuotaNeed, quotaNeeds } from './plan-quotas.ts'
import { batchRecordBytes, expectTakable } from './plan-record.ts'
import { quotas } from './quotas.ts'
import { maxSteppedShards, shardSteps, stepDuration, stepsADay } from './steps.ts'

/** Where the present count is from: the instance that was found, `--from`, or the default. */
export type PresentShards = {
  shards: number
  source: 'instance' | 'given' | 'assumed'
  /** AWS scales it by itself. */
  onDemand: boolean
}

export type PlanRequest = CostRequest & { present: PresentShards }

/** One UpdateShardCount. A target that is no multiple of 25 % of the present count may take longer (API reference). */
export type PlanStep = { from: number; to: number; isMultipleOf25Percent: boolean }

export type ShardPlan = {
  request: PlanRequest
  /** What comes in. */
  record: { votes: number; bytes: number; perSecond: number; bytesPerSecond: number }
  /** `byRecords`, `byBytes`: shards that each alone would fill, without headroom. */
  shards: { needed: number; binds: 'records' | 'bytes'; byRecords: number; byBytes: number }
  /** None where there is nothing to do, or no legal way. `daysAtLeast`: whole days that the allowance makes it last. */
  scaling: {
    steps: PlanStep[]
    /** How long one takes, in words: AWS gives no figure. */
    duration: { aws: string; laptop: string; source: string }
    stepsADay: number
    daysAtLeast: number
  }
  /** What chance gives a shard in its fullest seconds, where that is over what it takes, records/s; and the headroom that has room for it. */
  unevenness: { usual: number; fullest: number; takes: number; headroom: number } | undefined
  quotas: QuotaNeed[]
  /** From the last vote to the final scoreboard, predicted. */
  closing: { aws: ClosingTime; laptop: ClosingTime }
  costs: WayCost[]
}

/** Plans the shards for a rate of votes. Throws `LoadError` when no shard takes such records. */
export const planShards = (request: PlanRequest): ShardPlan => {
  const { votesPerSecond, batch, headroom, present } = request
  expectTakable(request.recordBytes, batch)
  const recordBytes = batchRecordBytes(request.recordBytes, batch)
  const recordsPerSecond = votesPerSecond / batch
  const flow = { recordsPerSecond, recordBytes }
  const { byRecords, byBytes } = shardsUsed(flow)
  const needed = shardsFor(flow, headroom)
  const hasNoSteps = present.onDemand || needed > maxSteppedShards
  const steps = hasNoSteps ? [] : planSteps(present.shards, needed)
  const votesPerShardSecond = votesPerSecond / needed
  return {
    request,
    record: {
      votes: batch,
      bytes: recordBytes,
      perSecond: recordsPerSecond,
      bytesPerSecond: recordsPerSecond * recordBytes,
    },
    shards: { needed, binds: byBytes > byRecords ? 'bytes' : 'records', byRecords, byBytes },
    scaling: {
      steps,
      duration: { ...stepDuration, source: quotas.shardsOfStream.source },
      stepsADay,
      daysAtLeast: Math.max(0, Math.ceil(steps.length / stepsADay) - 1),
    },
    unevenness: unevenness(recordsPerSecond / needed, recordBytes),
    quotas: quotaNeeds(recordsPerSecond * headroom, batch, needed),
    closing: {
      aws: closingTime('aws', needed, votesPerShardSecond),
      laptop: closingTime('laptop', needed, votesPerShardSecond),
    },
    costs: wayCosts(request),
  }
}

const planSteps = (present: number, needed: number): PlanStep[] =>
  shardSteps(present, needed).map((to, at, all) => {
    const from = all[at - 1] ?? present
    return { from, to, isMultipleOf25Percent: (to * 4) % from === 0 }
  })

/** Records go to shards by chance; twice the square root above the mean is met in one second of forty or so. */
const unevenness = (usual: number, recordBytes: number): ShardPlan['unevenness'] => {
  const takes = Math.floor(Math.min(shardRecordsPerSecond, shardBytesPerSecond / recordBytes))
  const fullest = usual + 2 * Math.sqrt(usual)
  if (fullest <= takes) return undefined
  // So many a second are usual where the fullest second is just what a shard takes.
  const calm = (Math.sqrt(takes + 1) - 1) ** 2
  return { usual, fullest, takes, headroom: Math.ceil((takes / calm) * 10) / 10 }
}
