import type { ArtilleryOutcome } from './artillery-report.ts'
import { type Comparison, complaint } from './comparison.ts'
import type { Verdict } from './reconcile.ts'
import type { VolleyReport } from './run.ts'
import { type Settled, type Totals, totalNames } from './settle.ts'
import type { Answers } from './volley/result.ts'

type Row = [name: string, value: string]

/** A run by volley as aligned tables: requests, the count, the seven totals, the verdict last. */
export const volleyText = ({ volley, verdict, totals, failures }: VolleyReport): string => {
  const { requests, latency } = volley
  const rows: Row[] = [
    ['scheduled', `${number(requests.scheduled)} requests`],
    ...(requests.due < requests.scheduled ? [['stopped when due', number(requests.due)] as Row] : []),
    ['sent', `${number(requests.sent)} requests`],
    ['rate held', `${(requests.rateHeld * 100).toFixed(2)} % sent within 10 ms of their moment`],
    ...answerRows(volley.answers),
    ...(requests.unknown > 0
      ? [['unknown', `${number(requests.unknown)} (answer lost or 5xx: stored or not)`] as Row]
      : []),
    ...Object.entries(volley.connectionErrors).map(
      ([code, count]): Row => [`connection ${code}`, number(count)],
    ),
    [
      'accepted',
      `${number(volley.acceptedVotes)} votes, ${number(Math.round(volley.acceptedPerSecond))}/s to the last answer`,
    ],
    [
      'to the answer',
      `p50 ${ms(latency.p50)}  p90 ${ms(latency.p90)}  p99 ${ms(latency.p99)}  max ${ms(latency.max)}`,
    ],
  ]
  return runText(rows, { verdict, totals, failures }, requests.due < requests.scheduled)
}

/** What a run by Artillery reports. */
export type ArtilleryRunReport = Settled & {
  outcome: ArtilleryOutcome
  /** Milliseconds; absent when nothing was answered. */
  response: { p50: number; p99: number; max: number } | undefined
}

/** The same for a run by Artillery. */
export const artilleryText = ({ outcome, response, ...settled }: ArtilleryRunReport): string => {
  const rows = answerRows(outcome.answers)
  if (response !== undefined)
    rows.push(['to the answer', `p50 ${ms(response.p50)}  p99 ${ms(response.p99)}  max ${ms(response.max)}`])
  return runText(rows, settled)
}

const runText = (
  rows: readonly Row[],
  { verdict, totals, failures }: Settled,
  stoppedEarly = false,
): string =>
  `${table(rows)}\n\n${table(verdictRows(verdict))}\n\n${totalsText(totals)}\n${conclusion(failures, stoppedEarly)}\n`

const answerRows = (answers: readonly Answers[]): Row[] =>
  answers.map(({ name, result, count }) => [name, `${result}  ${number(count)}`])

/** The seven totals, each under its name. */
const totalsText = (totals: Totals): string => {
  const cells = totalNames.map((name) => ({ name, value: number(totals[name]) }))
  const line = (of: (cell: { name: string; value: string }) => string): string =>
    cells
      .map((cell) => of(cell).padStart(Math.max(cell.name.length, cell.value.length)))
      .join('  ')
      .trimEnd()
  return `${line(({ name }) => name)}\n${line(({ value }) => value)}`
}

/** What reconciling showed, for any generator. */
const verdictRows = ({ comparisons, caughtUpMs, otherVotes, acceptedToCounted, final }: Verdict): Row[] => {
  const { count, p50, p99 } = acceptedToCounted
  const counted: Row = [
    'to the count',
    `p50 ${ms(p50)}  p99 ${ms(p99)}  (${number(count)} votes, from /stats)`,
  ]
  const equalAfter: Row = ['count equal', `${ms(caughtUpMs)} after the last answer, as a viewer sees it`]
  const finalAfter: Row = ['final', finalText(final)]
  const others: Row = ['others voted', `${number(otherVotes)} votes: /stats is held to the least only`]
  return [
    counted,
    ...(caughtUpMs === null ? [] : [equalAfter]),
    ...(final === null ? [] : [finalAfter]),
    ...(otherVotes > 0 ? [others] : []),
    ...[...comparisons, ...(final?.comparisons ?? []).filter(isDifferent)].map((each): Row => {
      const allowed =
        each.most === null ? ' or more' : each.most === each.least ? '' : ` to ${number(each.most)}`
      const mark = complaint(each) !== undefined ? 'DIFFERENT' : each.most === null ? 'as expected' : 'equal'
      return [each.what, `accepted ${number(each.least)}${allowed}  counted ${number(each.found)}  ${mark}`]
    }),
  ]
}

const finalText = (final: Verdict['final']): string => {
  if (final === null || final.problem !== undefined) return 'no result'
  const after = final.afterMs === null ? '' : ` ${(final.afterMs / 1_000).toFixed(2)} s after the last vote`
  return `final${after}, the result ${final.comparisons.some(isDifferent) ? 'DIFFERENT' : 'equal'}`
}

const isDifferent = ({ difference }: Comparison): boolean => difference !== 0

/** Names left, values right of them, in one column each. */
export const table = (rows: readonly Row[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** The last lines: passed, or why not. */
const conclusion = (failures: readonly string[], stoppedEarly: boolean): string =>
  failures.length === 0
    ? `\n${stoppedEarly ? 'STOPPED early, and PASSED up to there' : 'PASSED'}: every vote answered 202 is counted or rejected, difference 0.`
    : `\n${stoppedEarly ? 'STOPPED early, and FAILED' : 'FAILED'}:\n${failures.map((line) => `  - ${line}`).join('\n')}`

const number = (value: number): string => value.toLocaleString('en-US')

const ms = (value: number | null): string =>
  value === null ? '–' : `${value.toFixed(value < 100 ? 1 : 0)} ms`
