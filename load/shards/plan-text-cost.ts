import { count, dollars } from '../cost/markdown-table.ts'
import { streamModes } from '../cost/stream.ts'
import type { Door } from '../cost.ts'
import type { ShardPlan } from './plan.ts'

const doors: Readonly<Record<Door, string>> = {
  site: 'REST, through the site',
  rest: 'REST, straight',
  http: 'HTTP (not offered)',
}

/** What an hour and a million votes cost, by way and kind of stream. */
export const costText = ({ costs }: ShardPlan): string => {
  const head = ['way', 'shards', ...streamModes.flatMap((mode) => [`${mode}, hour`, 'million'])]
  const rows = costs.map(({ door, votesPerRequest, shards, usd }) => [
    `${doors[door]}, ${votesPerRequest === 1 ? 'single votes' : `batches of ${votesPerRequest}`}`,
    count(shards),
    ...streamModes.flatMap((mode) => [dollars(usd[mode].perHour), dollars(usd[mode].perMillionVotes)]),
  ])
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
  return [
    'Cost of the whole pipeline in US dollars: per hour, and per million votes',
    ...[head, ...rows].map((row) => `  ${line(row)}`),
    '  An on-demand stream begins at 4 MB/s and grows to twice its highest peak of the last 30 days: a sudden show is throttled.',
    '  On-demand advantage is a commitment of the whole account for a day, which is in each of its figures.',
    "  List prices of us-east-1; not all were read in AWS's own text: check them with docs/cost.md before quoting.",
  ].join('\n')
}
