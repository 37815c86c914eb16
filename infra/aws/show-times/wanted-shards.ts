import type { ShowTime } from '../settings.ts'

/** Up this long before a show: time for ten steps, at some minutes each. */
const leadMs = 60 * 60_000

/** And down this long after its beginning. */
const holdMs = 4 * 60 * 60_000

/**
 * The shards that a stream shall have at `now`, epoch ms: those of the largest show that is near or on, and `usual` ones
 * otherwise, or where a show asks for fewer.
 */
export const wantedShards = (shows: readonly ShowTime[], usual: number, now: number): number => {
  const near = shows.filter(({ at }) => Date.parse(at) - leadMs <= now && now < Date.parse(at) + holdMs)
  return Math.max(usual, ...near.map(({ shards }) => shards))
}
