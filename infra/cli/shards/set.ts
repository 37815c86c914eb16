import { setTimeout as sleep } from 'node:timers/promises'
import { LoadError } from '../../../load/load-error.ts'
import { coverageFaults, faultText } from '../../../load/shards/coverage.ts'
import { maxSteppedShards, shardSteps, stepDuration, stepsADay } from '../../../load/shards/steps.ts'
import {
  type CommandLine,
  type Flags,
  flagLines,
  flagsBehindDashes,
  readCommandLine,
  UsageError,
} from '../command.ts'
import { findInstance, type Instance, instanceFlags } from '../instance.ts'
import { onInterrupt } from '../interruption.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { explainRefusal } from './set-refusal.ts'
import { type SettingShards, takeSteps, untilActive } from './set-steps.ts'
import { type ShardedStream, type StreamSummary, shardedStream } from './set-stream.ts'
import { tooFewNow } from './set-warning.ts'

const flags = {
  'dry-run': { says: 'print the steps and take none' },
  ...instanceFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run shards -- set N [flags]

  npm run shards -- set 16
  npm run shards -- set 16 --aws --stack placar

Takes the stream to N open shards in the steps that AWS allows, each at most to the double or the half, ${stepsADay} in any 24
hours; waits until each is done (on AWS ${stepDuration.aws}; on a laptop ${stepDuration.laptop}), and looks at the end
whether the open shards cover every hash key exactly once. Votes go on meanwhile. Ctrl-C stops after what was begun.
It warns before it goes down to fewer shards than the present rate fills, and goes there all the same.
A stack with showTimes scales its stream itself, and would take it back.

${flagLines(flags)}`

export const setCommand: Choice = {
  summary: 'takes the stream to N shards in legal steps, and verifies the result (set 16 --dry-run)',
  run: async (args) => {
    const line = readCommandLine(args, flags)
    if (line.on('help')) {
      console.log(help)
      return true
    }
    const wanted = wantedShards(line)
    const instance = await findInstance(line, process.env)
    const stream = shardedStream(instance)
    const stop = new AbortController()
    const stopListening = onInterrupt(() => stop.abort())
    try {
      const everyMs = instance.awsEndpoint === undefined ? 5_000 : 50
      return await setShards(instance, wanted, line.on('dry-run'), stream, {
        stream,
        stopping: stop.signal,
        pause: () => sleep(everyMs, undefined, { signal: stop.signal }).catch(() => {}),
        now: () => performance.now(),
        say: (text) => say(`${text}\n`),
        warning: () => tooFewNow(instance, wanted, stop.signal),
      })
    } catch (error) {
      throw explainRefusal(error, instance)
    } finally {
      // npm's second signal may come while an interrupted command ends.
      if (!stop.signal.aborted) stopListening()
      stream.close()
    }
  },
}

/** Whether the stream has the wanted shards at the end; says what it has. Throws `LoadError` where they are not whole. */
export const setShards = async (
  { streamName }: Pick<Instance, 'streamName'>,
  wanted: number,
  isDryRun: boolean,
  stream: Pick<ShardedStream, 'openRanges'>,
  setting: SettingShards & {
    /** What there is to say of going down so far. */
    warning: () => Promise<string | undefined>
  },
): Promise<boolean> => {
  const before = await untilActive(setting, `Another change of ${streamName} is under way`)
  if (before.status !== 'ACTIVE') {
    console.log(reachedLine(streamName, before, wanted))
    return false
  }
  expectProvisioned(before, streamName)
  const steps = shardSteps(before.shards, wanted)
  console.log(stepsLine(streamName, before.shards, steps))
  const warning = wanted < before.shards ? await setting.warning() : undefined
  if (warning !== undefined) setting.say(warning)
  if (isDryRun) return true
  const after = await takeSteps(setting, before, steps)
  if (after.status !== 'ACTIVE' || after.shards !== wanted) {
    console.log(reachedLine(streamName, after, wanted))
    return false
  }
  const ranges = await stream.openRanges()
  const faults = coverageFaults(ranges)
  if (faults.length > 0)
    throw new LoadError(`${streamName} is not whole: ${faults.map(faultText).join('; ')}.`)
  if (ranges.length !== wanted) {
    console.log(reachedLine(streamName, { ...after, shards: ranges.length }, wanted))
    return false
  }
  const cover = wanted === 1 ? 'covers' : 'cover'
  console.log(`${streamName} has ${openShards(wanted)}, which ${cover} every hash key exactly once.`)
  return true
}

const wantedShards = ({ words: [word, extra] }: CommandLine): number => {
  if (extra !== undefined) throw new UsageError(`${extra} is not expected here${flagsBehindDashes}`)
  if (word === undefined) throw new UsageError('How many shards? As in npm run shards -- set 16. See --help.')
  const wanted = Number(word)
  if (/^\d+$/.test(word) && wanted >= 1 && wanted <= maxSteppedShards) return wanted
  throw new UsageError(
    `set takes a whole number of shards from 1 to ${maxSteppedShards}, not ${JSON.stringify(word)}.`,
  )
}

const expectProvisioned = ({ onDemand }: StreamSummary, streamName: string): void => {
  if (onDemand)
    throw new LoadError(
      `${streamName} is on demand: AWS scales it by itself. To set its shards, make it provisioned (streamMode in cdk.json) first.`,
    )
}

const stepsLine = (streamName: string, from: number, steps: readonly number[]): string => {
  if (steps.length === 0) return `${streamName} has ${openShards(from)} already.`
  const many = `${steps.length} step${steps.length === 1 ? '' : 's'}`
  const over =
    steps.length > stepsADay
      ? `; AWS takes ${stepsADay} in any 24 hours, so that this cannot be done in one day`
      : ` of the ${stepsADay} that AWS takes in any 24 hours`
  return `${streamName}: ${[from, ...steps].join(' → ')}, ${many}${over}.`
}

const reachedLine = (streamName: string, { shards, status }: StreamSummary, wanted: number): string => {
  const under = status === 'ACTIVE' ? '' : `, and is ${status}: what was begun goes on by itself`
  return `Stopped: ${streamName} has ${openShards(shards)}${under}. npm run shards -- set ${wanted} goes on from there.`
}

const openShards = (count: number): string => `${count} open shard${count === 1 ? '' : 's'}`
