import { ageText, rateText } from '../../dashboard/site/model/figures.ts'
import { offeredLoad, type StreamReading } from './reading.ts'
import { percent } from './show-text.ts'

/** What a watch has seen and done. */
export type WatchStory = {
  /** Epoch ms of the first reading and of the last. */
  from: number
  to: number
  /** Open shards at the first reading and at the last. */
  shardsFrom: number
  shardsTo: number
  /** The most that was offered and refused, records/s; `null` while nothing is known. */
  mostOffered: number | null
  mostThrottled: number | null
  steps: number
}

export const openStory = ({ at, shards }: StreamReading): WatchStory => ({
  from: at,
  to: at,
  shardsFrom: shards.length,
  shardsTo: shards.length,
  mostOffered: null,
  mostThrottled: null,
  steps: 0,
})

export const withReading = (story: WatchStory, { at, shards, traffic }: StreamReading): WatchStory => {
  const offered = traffic && traffic.recordsPerSecond + traffic.throttledPerSecond
  return {
    ...story,
    to: at,
    shardsTo: shards.length,
    mostOffered: greater(story.mostOffered, offered),
    mostThrottled: greater(story.mostThrottled, traffic?.throttledPerSecond ?? null),
  }
}

const greater = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right)

/** A watch in a line. */
export const storyText = (story: WatchStory): string => {
  const { from, to, shardsFrom, shardsTo, mostOffered, mostThrottled, steps } = story
  const peak =
    mostOffered === null
      ? 'what producers sent was never known'
      : `at most ${rateText(mostOffered)} records/s offered, ${rateText(mostThrottled ?? 0)}/s throttled`
  const taken = steps === 0 ? '' : `, ${steps} ${steps === 1 ? 'step' : 'steps'} by this watch`
  return `Watched for ${ageText(to - from)}: ${peak}; shards ${shardsFrom} → ${shardsTo}${taken}.`
}

/** A reading in a line, for a log. */
export const readingLine = ({ at, shards, traffic, status }: StreamReading): string => {
  const cells = [new Date(at).toISOString(), `${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}`]
  if (status !== 'ACTIVE') cells.push(status)
  if (traffic === null) cells.push('traffic not known')
  else {
    const loads = shards.flatMap((shard) => shard.traffic ?? []).map(offeredLoad)
    cells.push(
      `${rateText(traffic.recordsPerSecond)} records/s`,
      `${rateText(traffic.bytesPerSecond / 1024)} KiB/s`,
      `throttled ${rateText(traffic.throttledPerSecond)}/s`,
    )
    if (loads.length > 0) cells.push(`busiest ${percent(Math.max(...loads))} offered`)
  }
  return cells.join('  ')
}

/** A step that `--auto` takes, or with a dry run would take. */
export const stepText = (
  { to, reason }: { to: number; reason: string },
  from: number,
  isDryRun: boolean,
): string => `${isDryRun ? 'Would go' : 'Going'} from ${from} to ${to} shards: ${reason}.`

/** Why `--auto` does nothing. */
export const holdText = ({ reason }: { reason: string }): string => `Holding: ${reason}.`
