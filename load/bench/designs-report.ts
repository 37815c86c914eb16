import { sum } from '../../aggregators/tally.ts'
import { markdownTable } from '../cost/markdown-table.ts'
import { type DesignRun, designs, difference, timesFewer } from './designs.ts'
import { type Spread, spreadOf } from './ratio.ts'
import { aimed, aimLine, spreadCell, verdictLines, whole } from './ratio-text.ts'

/** How many times fewer writes than one per vote are aimed at. */
const aim = 390

/** The runs without and with faults as two tables, a row for each design; what was aimed at, the verdict. */
export const designsMarkdown = (
  reliable: readonly DesignRun[],
  faulty: readonly DesignRun[],
  failures: readonly string[],
  circumstances: string,
): string =>
  [
    circumstances,
    'Nothing delivered twice:',
    runsTable(reliable),
    'Batches repeated after success or failed behind their writes:',
    runsTable(faulty),
    aims(reliable, faulty),
    verdictLines(failures, 'Placar is exact in both, the others where nothing is delivered twice'),
  ].join('\n\n')

const votes = ([run]: readonly DesignRun[]): number => (run === undefined ? 0 : sum(run.cast))

const runsTable = (runs: readonly DesignRun[]): string =>
  markdownTable(
    [
      'design',
      'votes',
      'rounds',
      'table writes',
      'votes a write',
      'seconds to final',
      'invocations',
      'faults',
      'counted',
      'wrong',
    ],
    designs
      .map((design) => runs.filter((run) => run.design === design))
      .filter((rounds) => rounds.length > 0)
      .map((rounds) => {
        const over = (value: (run: DesignRun) => number): Spread => spreadOf(rounds.map(value))
        return [
          rounds[0]?.design ?? '',
          whole(votes(rounds)),
          whole(rounds.length),
          spreadCell(
            over(({ writes }) => writes),
            whole,
          ),
          (votes(rounds) / over(({ writes }) => writes).median).toFixed(1),
          spreadCell(
            over(({ seconds }) => seconds),
            (value) => value.toFixed(1),
          ),
          spreadCell(
            over(({ invocations }) => invocations),
            whole,
          ),
          spreadCell(
            over(({ faults }) => faults),
            whole,
          ),
          spreadCell(
            over(({ counted }) => sum(counted)),
            whole,
          ),
          spreadCell(over(difference), whole),
        ]
      }),
  )

const aims = (reliable: readonly DesignRun[], faulty: readonly DesignRun[]): string => {
  const wrong = new Set(faulty.filter((run) => difference(run) !== 0).map(({ design }) => design))
  const exact = [...new Set(faulty.map(({ design }) => design))].filter((design) => !wrong.has(design))
  return [
    aimLine("writes of one per vote by Placar's", timesFewer(reliable), aim, 0),
    `- Aim: under faults Placar is exact and the other two are not; exact: ${exact.join(', ') || 'none'}: ${aimed(exact.join() === 'Placar')}.`,
  ].join('\n')
}
