import { type Demand, neededShards } from './auto-demand.ts'

/** What is too much, for a reason. */
export const pressure = ({ throttledPerSecond, hottest, offeredPerSecond }: Demand): string =>
  throttledPerSecond > 0
    ? `${rounded(throttledPerSecond)} of ${rounded(offeredPerSecond)} records/s are throttled`
    : `the busiest shard is at ${percent(hottest)} of its limit`

/** How many shards that takes. */
export const need = (demand: Demand, shards: number, headroom: number): string => {
  const needed = neededShards(demand, headroom)
  return needed > shards
    ? `with headroom ${headroom}, what is offered needs ${count(needed)}`
    : `${count(needed)} would do for what is offered were it even, and another count shares the keys out evenly`
}

export const names = (ids: readonly string[]): string => ids.join(', ')
export const count = (shards: number): string => `${rounded(shards)} ${shards === 1 ? 'shard' : 'shards'}`
export const percent = (share: number): string => `${Math.round(share * 100)} %`
export const rounded = (value: number): string => Math.round(value).toLocaleString('en-US')
export const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
export const minutes = (ms: number): string => `${Math.round(ms / 60_000)} minutes`
