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

/** A summary may be older than the step; ACTIVE with another count is believed once it has been said for so long. */
const believedAfterMs = 60_000

/**
 * Waits until the stream can be changed, or has been. Gives what it saw last: not ACTIVE where `stopping` ended it, or an
 * hour did; with another count than `to` besides where somebody else's step came after.
 *
 * @param to the shards that a step makes; without it any count will do
 */
export const untilActive = async (
  setting: SettingShards,
  doing: string,
  to?: number,
): Promise<StreamSummary> => {
  const startedAt = setting.now()
  let saidAt = startedAt
  let changingAt = startedAt
  for (;;) {
    const summary = await setting.stream.describe()
    const now = setting.now()
    if (summary.status !== 'ACTIVE') changingAt = now
    else if (to === undefined || summary.shards === to || now - changingAt >= believedAfterMs) return summary
    if (setting.stopping.aborted || now - startedAt >= giveUpAfterMs) return summary
    if (now - saidAt >= sayEveryMs) {
      saidAt = now
      const seconds = Math.round((now - startedAt) / 1_000)
      setting.say(`${doing}: ${summary.status}, ${summary.shards} open shards, ${seconds} s`)
    }
    await setting.pause()
  }
}

/** Takes the steps one after another, each once the one before has led where it should. Gives what it saw last. */
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
    seen = await untilActive(setting, doing, to)
    if (seen.shards !== to) return seen
  }
  return seen
}
