import { setTimeout as sleep } from 'node:timers/promises'
import { LoadError } from '../../../load/load-error.ts'
import { type Limits, usualLimits } from '../../../load/shards/auto.ts'
import type { StreamReading } from '../../../load/shards/reading.ts'
import { maxSteppedShards, stepsADay } from '../../../load/shards/steps.ts'
import { storyText } from '../../../load/shards/watch-text.ts'
import { type CommandLine, type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { findInstance, instanceFlags } from '../instance.ts'
import { onInterrupt } from '../interruption.ts'
import type { Choice } from '../load/menu.ts'
import { explainRefusal } from './set-refusal.ts'
import { shardedStream } from './set-stream.ts'
import { streamReader } from './stream-reader.ts'
import { watchStream } from './watch-loop.ts'
import { lineScreen, liveScreen } from './watch-screen.ts'

const flags = {
  auto: { says: 'scale the stream to what is offered' },
  min: { value: 'N', says: 'with --auto: never fewer shards (default: those there are when it starts)' },
  max: { value: 'N', says: 'with --auto: never more shards', default: '64' },
  'dry-run': { says: 'with --auto: say what would be done, and do nothing' },
  every: { value: 'S', says: 'seconds between two readings (default 2, on AWS 60)' },
  ...instanceFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run shards -- watch [flags]

  npm run shards -- watch
  npm run shards -- watch --auto --min 4 --max 64
  npm run shards -- watch --auto --dry-run --aws

Shows what show does, live; where the output is no terminal, in a line for each reading. Ctrl-C ends it with a summary.

--auto scales up when shards are offered over ${usualLimits.upAt * 100} % of their limit, by more than chance explains, or records are
throttled, for some seconds: to the shards that what is offered needs with headroom ${usualLimits.headroom}, a step at most doubling.
It scales down when fewer would have been enough for ${usualLimits.downAfterMs / 60_000} minutes, while at least ${usualLimits.reserve} of AWS's ${stepsADay} steps a day are
left. It does not scale for one hot partition key.
Every step is printed with its reason. A stack with showTimes scales its stream itself: do not use both.

${flagLines(flags)}`

export const watchCommand: Choice = {
  summary: 'the same, live; scales the stream when told so (watch --auto --min 4 --max 64)',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    expectAuto(line)
    const bounds = {
      min: line.said('min') ? line.number('min', 1, maxSteppedShards) : undefined,
      max: line.number('max', 1, maxSteppedShards),
    }
    if (bounds.min !== undefined && bounds.min > bounds.max)
      throw new UsageError(`--min must be at most --max, ${bounds.max}.`)
    const seconds = line.said('every') ? line.number('every', 1, 120) : undefined
    const instance = await findInstance(line, process.env)
    const everyMs = 1_000 * (seconds ?? (instance.awsEndpoint === undefined ? 60 : 2))
    const reader = streamReader(instance)
    const stream = shardedStream(instance)
    const stop = new AbortController()
    const stopListening = onInterrupt(() => stop.abort())
    try {
      const story = await watchStream({
        reader,
        screen: process.stdout.isTTY ? liveScreen(process.stdout) : lineScreen(process.stdout),
        limitsFor: (first) => (line.on('auto') ? limitsFor(first, bounds) : undefined),
        isDryRun: line.on('dry-run'),
        scaleTo: stream.scaleTo,
        stopping: stop.signal,
        pause: () => sleep(everyMs, undefined, { signal: stop.signal }).catch(() => {}),
      })
      console.log(storyText(story))
      return true
    } catch (error) {
      throw explainRefusal(error, instance)
    } finally {
      // npm's second signal may come while an interrupted command ends.
      if (!stop.signal.aborted) stopListening()
      reader.close()
      stream.close()
    }
  },
}

const expectAuto = (line: CommandLine): void => {
  const without = ['min', 'max', 'dry-run'].find((name) => line.said(name))
  if (without !== undefined && !line.on('auto'))
    throw new UsageError(`--${without} is for --auto; say that as well.`)
}

const limitsFor = (
  { onDemand, stream, shards }: StreamReading,
  { min, max }: { min: number | undefined; max: number },
): Limits => {
  if (onDemand)
    throw new LoadError(
      `${stream} is on demand: AWS scales it by itself, and --auto cannot. Without --auto it can be watched.`,
    )
  return { ...usualLimits, min: Math.min(min ?? shards.length, max), max }
}
