import { markdownTable } from '../cost/markdown-table.ts'
import { spreadOf } from './ratio.ts'
import { aimed, verdictLines, whole } from './ratio-text.ts'
import { type ScaleCell, type ScaleResult, shardLine, voteLine } from './scale.ts'

/** The medians of a cell's rounds. `null`: not measured on this machine. */
export type ScaleSummary = ScaleCell & {
  acceptedPerSecond: number
  /** From the first vote to the final result. */
  seconds: number
  toFinalSeconds: number
  toFinalMostSeconds: number
  restBytes: number | null
  peakBytes: number | null
  cpuSeconds: number | null
}

/** @throws RangeError without rounds */
export const summariseCell = (rounds: readonly ScaleResult[]): ScaleSummary => {
  const median = (value: (round: ScaleResult) => number): number => spreadOf(rounds.map(value)).median
  const known = (value: (round: ScaleResult) => number | null | undefined): number | null => {
    const values = rounds.map(value).filter((each) => each !== null && each !== undefined)
    return values.length === 0 ? null : spreadOf(values).median
  }
  const { shards, votes } = rounds[0] ?? { shards: 0, votes: 0 }
  return {
    shards,
    votes,
    acceptedPerSecond: median(({ acceptedPerSecond }) => acceptedPerSecond),
    seconds: median(({ acceptingSeconds, toFinalSeconds }) => acceptingSeconds + toFinalSeconds),
    toFinalSeconds: median(({ toFinalSeconds }) => toFinalSeconds),
    toFinalMostSeconds: spreadOf(rounds.map(({ toFinalSeconds }) => toFinalSeconds)).most,
    restBytes: known(({ memory }) => memory?.restBytes),
    peakBytes: known(({ memory }) => memory?.peakBytes),
    cpuSeconds: known(({ cpuSeconds }) => cpuSeconds),
  }
}

/** The result as Markdown: a row for each cell, then how cost grows along both lines of the grid. */
export const scaleMarkdown = (
  results: readonly ScaleResult[],
  failures: readonly string[],
  circumstances: string,
): string => {
  const cells = [...Map.groupBy(results, ({ shards, votes }) => `${shards} ${votes}`).values()]
    .map(summariseCell)
    .sort((a, b) => a.shards - b.shards || a.votes - b.votes)
  const steps = [...growth(voteLine(cells), 'votes'), ...growth(shardLine(cells), 'shards')]
  return [
    circumstances,
    markdownTable(
      [
        'shards',
        'votes',
        'accepted votes/s',
        'votes/s until final',
        'last vote to final, s (most)',
        'memory at rest, MB',
        'memory at its peak, MB',
        'CPU s per million votes',
      ],
      cells.map((cell) => [
        whole(cell.shards),
        whole(cell.votes),
        whole(cell.acceptedPerSecond),
        whole(cell.votes / cell.seconds),
        `${cell.toFinalSeconds.toFixed(2)} (${cell.toFinalMostSeconds.toFixed(2)})`,
        megabytes(cell.restBytes),
        megabytes(cell.peakBytes),
        cell.cpuSeconds === null ? '–' : ((cell.cpuSeconds * 1e6) / cell.votes).toFixed(1),
      ]),
    ),
    ...(steps.length > 0 ? [markdownTable(growthHead, steps)] : []),
    `- Aim: every vote accepted, and counted for its option, at every size: ${aimed(failures.length === 0)}. No figure is aimed at for time and memory.`,
    verdictLines(failures, 'every vote was counted for its option, in every cell'),
  ].join('\n\n')
}

const growthHead = ['grows', 'work', 'time until final', 'last vote to final', 'peak memory', 'CPU']

/** What each step along a line multiplies, and the whole line where it has several steps. */
const growth = (line: readonly ScaleSummary[], what: 'votes' | 'shards'): string[][] => {
  const steps = line.slice(1).map((to, index) => [line[index], to] as const)
  const all = [...steps, ...(steps.length > 1 ? [[line[0], line.at(-1)] as const] : [])]
  return all.flatMap(([from, to]) =>
    from === undefined || to === undefined
      ? []
      : [
          [
            `${whole(from[what])} → ${whole(to[what])} ${what}, ${otherThan(what, to)}`,
            times(from[what], to[what]),
            times(from.seconds, to.seconds),
            times(from.toFinalSeconds, to.toFinalSeconds),
            times(from.peakBytes, to.peakBytes),
            times(from.cpuSeconds, to.cpuSeconds),
          ],
        ],
  )
}

const otherThan = (what: 'votes' | 'shards', { shards, votes }: ScaleCell): string =>
  what === 'votes' ? `${whole(shards)} shards` : `${whole(votes)} votes`

const times = (from: number | null, to: number | null): string =>
  from === null || to === null || from === 0 ? '–' : `× ${(to / from).toFixed(2)}`

const megabytes = (bytes: number | null): string => (bytes === null ? '–' : whole(bytes / 1e6))
