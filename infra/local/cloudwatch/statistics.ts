import type { StatisticSet } from './metric.ts'

/** The statistics that are answered here: percentiles and trimmed ones need every single value. */
export const statistics = ['Sum', 'Average', 'Maximum', 'SampleCount'] as const

export type Statistic = (typeof statistics)[number]

/** A statistic of a period; `undefined` where it has none, as the average of nothing. */
export const statisticOf = (statistic: Statistic, { count, sum, max }: StatisticSet): number | undefined => {
  if (statistic === 'SampleCount') return count
  if (statistic === 'Sum') return sum
  if (count === 0) return undefined
  return statistic === 'Average' ? sum / count : max
}
