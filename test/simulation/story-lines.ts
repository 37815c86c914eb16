import type { Shrunk } from './shrink.ts'
import type { Violation } from './simulate.ts'

/** What a failing seed is printed as: its shortest story, a decision a line. */
export const storyLines = (
  seed: number,
  { says, after }: Violation,
  { story, violation }: Shrunk,
): string => {
  const { decisions, ...clocks } = story
  const lines = decisions.map(
    ({ afterMs, do: what, ...details }, at) =>
      `  ${String(at + 1).padStart(3)}.  +${afterMs} ms  ${what}  ${JSON.stringify(details)}`,
  )
  return [
    `Seed ${seed}, seen after ${after} decisions: ${says}`,
    `Shrunk to ${decisions.length} decisions, ${JSON.stringify(clocks)}:`,
    ...lines,
    `Seen after ${violation.after === decisions.length + 1 ? 'everything came to rest' : `decision ${violation.after}`}: ${violation.says}`,
    '',
  ].join('\n')
}
