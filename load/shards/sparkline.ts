const levels = '▁▂▃▄▅▆▇█'

/**
 * Values as a line of bars, oldest on the left, at most `width` characters; where there are more values than that, each
 * bar is the mean of its neighbours.
 *
 * @param full what the highest bar stands for; values over it are shown as that
 */
export const sparkline = (values: readonly number[], full: number, width: number): string => {
  const bars = Math.min(width, values.length)
  return Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * values.length) / bars)
    const upTo = Math.floor(((bar + 1) * values.length) / bars)
    return levelOf(mean(values.slice(from, upTo)), full)
  }).join('')
}

const levelOf = (value: number, full: number): string => {
  const level = full > 0 ? Math.ceil((value / full) * levels.length) - 1 : 0
  return levels.charAt(Math.min(levels.length - 1, Math.max(0, level)))
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
