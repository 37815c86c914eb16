/**
 * AWS's limits of UpdateShardCount (Kinesis API reference): a step at most doubles the open shards and at least halves
 * them, and a stream takes ten steps in any 24 hours.
 */
export const stepsADay = 10

/** The shard counts that lead from `from` to `to` in as few legal steps as there are, `to` last; none when they are equal. */
export const shardSteps = (from: number, to: number): number[] => {
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
