import { count } from '../cost/markdown-table.ts'
import type { Spread } from './ratio.ts'

/** Median, and least to most, as two cells of a table; rates are whole numbers. */
export const rateCells = ({ median, least, most }: Spread): [string, string] => [
  whole(median),
  `${whole(least)} to ${whole(most)}`,
]

/** A ratio in one cell: the median (least to most). */
export const ratioCell = ({ median, least, most }: Spread): string =>
  `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`

/** What is aimed at and whether it was reached, as an item of a list. */
export const aimLine = (what: string, found: number, atLeast: number, digits = 2): string => {
  const format = (value: number): string => (digits === 0 ? whole(value) : value.toFixed(Math.max(digits, 2)))
  return `- Aim: ${what} at least ${format(atLeast)}; ${format(found)}: ${aimed(found >= atLeast)}.`
}

/** Whether an aim was reached, in a word. */
export const aimed = (reached: boolean): string => (reached ? 'reached' : '**missed**')

/** Several rounds in one cell: the median (least to most); just the value where all gave the same. */
export const spreadCell = ({ median, least, most }: Spread, format: (value: number) => string): string =>
  least === most ? format(median) : `${format(median)} (${format(least)} to ${format(most)})`

/** The verdict of a benchmark as a list: what failed, a line each, or `passed`. */
export const verdictLines = (failures: readonly string[], passed: string): string =>
  failures.length === 0 ? `PASSED: ${passed}.` : failures.map((line) => `- FAILED: ${line}.`).join('\n')

export const whole = (value: number): string => count(Math.round(value))
