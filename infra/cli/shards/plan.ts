import { maxBatchVotes } from '../../../ingest/vote.ts'
import { type PresentShards, planShards } from '../../../load/shards/plan.ts'
import { maxRecordBytes } from '../../../load/shards/plan-record.ts'
import { planText } from '../../../load/shards/plan-text.ts'
import { maxSteppedShards } from '../../../load/shards/steps.ts'
import { type CommandLine, type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { findInstance, InstanceError, instanceFlags } from '../instance.ts'
import type { Choice } from '../load/menu.ts'
import { expectShards, explainRefusal } from './set-refusal.ts'
import { shardedStream } from './set-stream.ts'

const flags = {
  'votes-per-second': { value: 'N', says: 'the rate to plan for (needed)' },
  'record-bytes': {
    value: 'N',
    says: 'bytes of a record with a single vote, key included; 220 has all ids and castAt, an option alone some 130',
    default: '220',
  },
  batch: { value: 'N', says: `votes in a request and record, up to ${maxBatchVotes}`, default: '1' },
  headroom: { value: 'F', says: 'so many times the shards that the rate alone fills', default: '1.25' },
  from: { value: 'N', says: 'the present shards, without a look at an instance' },
  json: { says: 'print the plan as JSON' },
  ...instanceFlags,
  help: { says: 'this help' },
} as const satisfies Flags

/** Of a new data folder, and of a stack. */
const defaultShards = 4

const help = `npm run shards -- plan --votes-per-second N [flags]

  npm run shards -- plan --votes-per-second 20000
  npm run shards -- plan --votes-per-second 49800 --batch 500 --from 4

Plans a stream for a rate: the shards it needs and why, the legal steps to them from the present count, what quotas are
too small, how long the final scoreboard takes, and what it costs. With --batch a record holds so many votes: the first
of them --record-bytes, each other what that has beyond the 100 bytes of envelope and key. Changes nothing. Where no instance
runs, it plans from ${defaultShards} shards.

${flagLines(flags)}`

export const planCommand: Choice = {
  summary: 'shards, steps, quotas, time to final and cost for a rate (--votes-per-second 20000)',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    line.needed('votes-per-second')
    const request = {
      votesPerSecond: line.number('votes-per-second', 1, 1_000_000_000),
      recordBytes: line.number('record-bytes', 100, maxRecordBytes),
      batch: line.number('batch', 1, maxBatchVotes),
      headroom: headroomOf(line),
    }
    const plan = planShards({ ...request, present: await presentShards(line) })
    console.log(line.on('json') ? JSON.stringify(plan, null, 2) : planText(plan))
    return true
  },
}

const headroomOf = (line: CommandLine): number => {
  const text = line.text('headroom') ?? ''
  const value = Number(text)
  if (text.trim() !== '' && value >= 1 && value <= 10) return value
  throw new UsageError(`--headroom must be a number from 1 to 10, not ${JSON.stringify(text)}.`)
}

/**
 * Throws `InstanceError` only for an instance that was named, one that might have been there is not needed; `LoadError` for
 * a stream that has no shards yet.
 */
const presentShards = async (line: CommandLine): Promise<PresentShards> => {
  if (line.said('from'))
    return { shards: line.number('from', 1, maxSteppedShards), source: 'given', onDemand: false }
  try {
    return await shardsOfInstance(line)
  } catch (error) {
    if (isNamed(line) || !(error instanceof InstanceError)) throw error
    return { shards: defaultShards, source: 'assumed', onDemand: false }
  }
}

const isNamed = (line: CommandLine): boolean =>
  line.said('endpoint-url') ||
  line.said('data-dir') ||
  line.on('aws') ||
  Boolean(process.env.AWS_ENDPOINT_URL)

const shardsOfInstance = async (line: CommandLine): Promise<PresentShards> => {
  const instance = await findInstance(line, process.env)
  const stream = shardedStream(instance)
  try {
    const summary = await stream.describe()
    expectShards(summary, instance.streamName)
    return { shards: summary.shards, source: 'instance', onDemand: summary.onDemand }
  } catch (error) {
    throw explainRefusal(error, instance)
  } finally {
    stream.close()
  }
}
