import { sum } from '../../aggregators/tally.ts'
import { markdownTable } from '../cost/markdown-table.ts'
import { type DesignRun, difference, timesFewer } from './designs.ts'
import { aimLine, verdictLines, whole } from './ratio-text.ts'

/** How many times fewer writes than one per vote are aimed at. */
const aim = 390

/** The runs without and with faults as two tables, what was aimed at, the verdict. */
export const designsMarkdown = (
  reliable: readonly DesignRun[],
  faulty: readonly DesignRun[],
  failures: readonly string[],
  circumstances: string,
): string =>
  [
    circumstances,
    `Nothing delivered twice, ${whole(votes(reliable))} votes:`,
    runsTable(reliable),
    `Batches repeated after success or failed behind their writes, ${whole(votes(faulty))} votes:`,
    runsTable(faulty),
    aims(reliable, faulty),
    verdictLines(failures, 'Placar is exact in both, the others where nothing is delivered twice'),
  ].join('\n\n')

const votes = ([run]: readonly DesignRun[]): number => (run === undefined ? 0 : sum(run.cast))

const runsTable = (runs: readonly DesignRun[]): string =>
  markdownTable(
    [
      'design',
      'table writes',
      'votes a write',
      'seconds to final',
      'invocations',
      'faults',
      'counted',
      'wrong',
    ],
    runs.map((run) => [
      run.design,
      whole(run.writes),
      (sum(run.cast) / run.writes).toFixed(1),
      run.seconds.toFixed(1),
      whole(run.invocations),
      whole(run.faults),
      whole(sum(run.counted)),
      whole(difference(run)),
    ]),
  )

const aims = (reliable: readonly DesignRun[], faulty: readonly DesignRun[]): string => {
  const one = reliable.find(({ design }) => design === 'write per vote')
  const ours = reliable.find(({ design }) => design === 'Placar')
  const fewer = one && ours ? timesFewer(ours, one) : 0
  const exact = faulty.filter((run) => difference(run) === 0).map(({ design }) => design)
  return [
    aimLine("writes of one per vote by Placar's", fewer, aim, 0),
    `- Aim: exact under faults, where the other two are not; exact: ${exact.join(', ') || 'none'}.`,
  ].join('\n')
}
