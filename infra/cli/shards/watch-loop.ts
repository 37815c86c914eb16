import { type Decision, decide, type Limits, type Observation } from '../../../load/shards/auto.ts'
import { demandOf } from '../../../load/shards/auto-demand.ts'
import {
  afterRefusal,
  afterStep,
  initialState,
  type State,
  withPresent,
} from '../../../load/shards/auto-state.ts'
import type { Finding } from '../../../load/shards/heat-finding.ts'
import type { StreamReading } from '../../../load/shards/reading.ts'
import { openStory, stepText, type WatchStory, withReading } from '../../../load/shards/watch-text.ts'
import { findHot, type Samples } from './find-hot.ts'
import type { StreamReader } from './stream-reader.ts'
import type { Screen } from './watch-screen.ts'

export type Watching = {
  reader: Pick<StreamReader, 'read' | 'sample'>
  screen: Screen
  /** Made of the first reading; `undefined`: nothing is scaled. Throws where the stream cannot be. */
  limitsFor(first: StreamReading): Limits | undefined
  isDryRun: boolean
  /** Begins one step. Ends the watch where its error is one that asking again does not change. */
  scaleTo(shards: number): Promise<void>
  stopping: AbortSignal
  /** Until the next reading; ends early when `stopping` does. */
  pause(): Promise<void>
}

/** Reads and shows a stream until it is stopped, and scales it if so asked. The first reading's error is thrown. */
export const watchStream = async (watching: Watching): Promise<WatchStory> => {
  const { reader, screen } = watching
  const samples: Samples = new Map()
  let history: Observation[] = []
  let state = initialState
  let told = ''
  let reading = await reader.read()
  const limits = watching.limitsFor(reading)
  let story = openStory(reading)
  for (;;) {
    story = withReading(story, reading)
    const found = await findHot(reader, reading, samples)
    let decision: Decision | undefined
    if (limits !== undefined) {
      const keepFrom = reading.at - 2 * limits.downAfterMs
      const now = observation(reading, found, limits)
      history = [...history.filter(({ at }) => at >= keepFrom), now]
      state = withPresent(state, now, limits.headroom)
      decision = decide(history, limits, state)
    }
    screen.show(reading, found, decision)
    // Ctrl-C may have come during the reading.
    if (decision !== undefined && 'to' in decision && !watching.stopping.aborted) {
      const text = stepText(decision, reading.shards.length, watching.isDryRun)
      // A dry run comes to the same decision again and again, with other figures.
      const step = `${reading.shards.length} ${decision.to}`
      if (!watching.isDryRun || step !== told) screen.say(text)
      told = step
      if (!watching.isDryRun) state = await takeStep(watching, decision, reading.at, state)
    }
    const next = await nextReading(watching)
    if (next === undefined) return { ...story, steps: state.steps.length }
    reading = next
  }
}

/** `undefined` once the watch is stopped; a reading that fails is said, and made again. */
const nextReading = async ({
  reader,
  screen,
  stopping,
  pause,
}: Watching): Promise<StreamReading | undefined> => {
  for (;;) {
    await pause()
    if (stopping.aborted) return undefined
    try {
      return await reader.read()
    } catch (error) {
      screen.say(`The stream cannot be read, and is asked again: ${(error as Error).message}`)
    }
  }
}

const takeStep = async (
  { scaleTo, screen }: Watching,
  { to, goal }: { to: number; goal: number },
  at: number,
  state: State,
): Promise<State> => {
  try {
    await scaleTo(to)
    return afterStep(state, goal, at)
  } catch (error) {
    const { name, message } = error as Error
    screen.say(`AWS did not take the step: ${message}`)
    if (hopeless.has(name)) throw error
    // Anything else may pass, as somebody else's step does: the next reading decides anew.
    return name === 'LimitExceededException' ? afterRefusal(state, at) : state
  }
}

/** Refusals that asking again does not change. */
const hopeless: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'InvalidArgumentException',
  'ResourceNotFoundException',
  'ValidationException',
])

const observation = (reading: StreamReading, found: readonly Finding[], { upAt }: Limits): Observation => {
  const hotKeys = found.filter((finding) => isTooMuch(finding, reading.shards.length, upAt))
  return {
    at: reading.at,
    active: reading.status === 'ACTIVE',
    shards: reading.shards.length,
    demand: demandOf(reading, new Set(hotKeys.map(({ heat }) => heat.shardId))),
  }
}

/** Whether one key fills a shard. Of a single one, which no other can be judged instead of, no more than that key must. */
const isTooMuch = (finding: Finding, shards: number, upAt: number): boolean => {
  if (finding.kind !== 'hot key') return false
  const { heat, keyShare } = finding
  if (shards > 1) return heat.load > upAt
  return heat.load * keyShare > upAt && heat.load * (1 - keyShare) <= upAt
}
