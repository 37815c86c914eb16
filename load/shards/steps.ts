/**
 * AWS's limits of UpdateShardCount (Kinesis API reference): a step at most doubles the open shards and at least halves
 * them, and a stream takes ten steps in any 24 hours.
 */
export const stepsADay = 10

/** And it gives a stream so many shards, unless AWS raises that. */
export const maxSteppedShards = 10_000

/** How long a step takes. Of AWS all that is known is what its API reference says; `infra/local` keeps to 200 ms. */
export const stepDuration = {
  aws: 'a few minutes, by the size of the stream',
  laptop: '0.2 s',
} as const

/**
 * The shard counts that lead from `from` to `to` in as few legal steps as there are, `to` last; none when they are equal.
 * Throws `RangeError` for a count below 1: a stream that is not there yet has none, and twice nothing is nothing.
 */
export const shardSteps = (from: number, to: number): number[] => {
  if (from < 1 || to < 1) throw new RangeError(`There are no steps from ${from} to ${to} shards.`)
  const steps: number[] = []
  for (let count = from; count !== to; ) {
    count = nextShardCount(count, to)
    steps.push(count)
  }
  return steps
}

/** The first of these steps; `from` itself when there is nothing to do. */
export const nextShardCount = (from: number, to: number): number =>
  to > from ? Math.min(to, from * 2) : Math.max(to, Math.ceil(from / 2))
