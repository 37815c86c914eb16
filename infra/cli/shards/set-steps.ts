import type { ShardedStream, StreamSummary } from './set-stream.ts'

export type SettingShards = {
  stream: Pick<ShardedStream, 'describe' | 'scaleTo'>
  /** Ended by Ctrl-C. */
  stopping: AbortSignal
  /** Between two looks at the stream. Ends early when `stopping` does. */
  pause: () => Promise<void>
  /** Steady, ms. */
  now: () => number
  say: (line: string) => void
}

const sayEveryMs = 1_000

/** AWS gives no figure for a step; nothing is waited for longer than this. */
const giveUpAfterMs = 3_600_000

/**
 * Waits until the stream can be changed, or has been. Gives what it saw last: not ACTIVE where `stopping` ended it, or an
 * hour did.
 */
export const untilActive = async (setting: SettingShards, doing: string): Promise<StreamSummary> => {
  const startedAt = setting.now()
  let saidAt = startedAt
  for (;;) {
    const summary = await setting.stream.describe()
    const now = setting.now()
    const isOver = summary.status === 'ACTIVE' || now - startedAt >= giveUpAfterMs
    if (isOver || setting.stopping.aborted) return summary
    if (now - saidAt >= sayEveryMs) {
      saidAt = now
      const seconds = Math.round((now - startedAt) / 1_000)
      setting.say(`${doing}: ${summary.status}, ${summary.shards} open shards, ${seconds} s`)
    }
    await setting.pause()
  }
}

/** Takes the steps one after another, each once the stream is ACTIVE again. Gives what it saw last. */
export const takeSteps = async (
  setting: SettingShards,
  before: StreamSummary,
  steps: readonly number[],
): Promise<StreamSummary> => {
  let seen = before
  for (const to of steps) {
    if (setting.stopping.aborted || seen.status !== 'ACTIVE') return seen
    const doing = `${seen.shards} → ${to}`
    setting.say(doing)
    await setting.stream.scaleTo(to)
    seen = await untilActive(setting, doing)
  }
  return seen
}
