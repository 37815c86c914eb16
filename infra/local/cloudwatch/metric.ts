/**
 * What CloudWatch knows a metric by. All dimensions belong to the name: the one with `ShardId` is another metric than
 * the one without.
 */
export type MetricName = {
  namespace: string
  name: string
  dimensions: Readonly<Record<string, string>>
}

/**
 * What was measured in one period, as CloudWatch keeps it: `count` measurements, `sum` of them, and the greatest of
 * them. A period without any has `count` 0.
 */
export type StatisticSet = { count: number; sum: number; max: number }

export type Metric =
  /** Counted second by second. Times are epoch ms. */
  | {
      kind: 'counted'
      /** From when on every second is known. */
      knownFrom(now: number): number
      /** Of `[from, to)`, both whole seconds. */
      during(from: number, to: number): StatisticSet
    }
  /** Known for the moment of asking alone. */
  | { kind: 'momentary'; value(): Promise<number> }

/** One part of the runtime that has metrics; `undefined` for what it does not measure. */
export type MetricSource = (wanted: MetricName) => Metric | undefined
