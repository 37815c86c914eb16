import type { ArtilleryOutcome } from './artillery-report.ts'
import { complaint } from './comparison.ts'
import type { Verdict } from './reconcile.ts'
import type { SteadyReport } from './steady.ts'

type Row = [name: string, value: string]

/** A steady run as an aligned table, the verdict last. */
export const steadyText = ({ spec, volley, verdict, failures }: SteadyReport): string => {
  const { requests, latency } = volley
  const unit = spec.mix.batch === 1 ? '' : ` requests of ${spec.mix.batch} votes`
  const rows: Row[] = [
    ['scheduled', `${number(requests.scheduled)}${unit}`],
    ...(requests.due < requests.scheduled
      ? [['stopped when due', `${number(requests.due)}${unit}`] as Row]
      : []),
    ['sent', `${number(requests.sent)}${unit}`],
    ['rate held', `${(requests.rateHeld * 100).toFixed(2)} % sent within 10 ms of their moment`],
    ...Object.entries(requests.statuses).map(([status, count]): Row => [`answered ${status}`, number(count)]),
    [
      'unknown',
      `${number(requests.unknown)}${requests.unknown > 0 ? ' (answer lost or 5xx: stored or not)' : ''}`,
    ],
    ...Object.entries(volley.connectionErrors).map(
      ([code, count]): Row => [`connection ${code}`, number(count)],
    ),
    [
      'accepted',
      `${number(volley.acceptedVotes)} votes, ${number(Math.round(volley.acceptedPerSecond))}/s of ${number(spec.rate)}/s`,
    ],
    [
      'to the answer',
      `p50 ${ms(latency.p50)}  p90 ${ms(latency.p90)}  p99 ${ms(latency.p99)}  max ${ms(latency.max)}`,
    ],
    ...verdictRows(verdict),
  ]
  return `${table(rows)}\n${conclusion(failures)}\n`
}

/** What the smoke scenario reports. */
export type SmokeReport = {
  outcome: ArtilleryOutcome
  /** Milliseconds; absent when nothing was answered. */
  response: { p50: number; p99: number; max: number } | undefined
  verdict: Verdict
  failures: string[]
}

/** A smoke run as an aligned table, the verdict last. */
export const smokeText = ({ outcome, response, verdict, failures }: SmokeReport): string => {
  const rows: Row[] = outcome.answers.map(({ name, result, count }) => [name, `${result}  ${number(count)}`])
  if (response !== undefined)
    rows.push(['to the answer', `p50 ${ms(response.p50)}  p99 ${ms(response.p99)}  max ${ms(response.max)}`])
  return `${table(rows)}\n\n${table(verdictRows(verdict))}\n${conclusion(failures)}\n`
}

/** What reconciling showed, for any scenario. */
export const verdictRows = ({ comparisons, caughtUpMs, otherVotes, acceptedToCounted }: Verdict): Row[] => {
  const { count, p50, p99 } = acceptedToCounted
  const counted: Row = [
    'to the count',
    `p50 ${ms(p50)}  p99 ${ms(p99)}  (${number(count)} votes, from /stats)`,
  ]
  const equalAfter: Row = ['count equal', `${ms(caughtUpMs)} after the last answer, as a viewer sees it`]
  const others: Row = ['others voted', `${number(otherVotes)} votes: /stats is held to the least only`]
  return [
    counted,
    ...(caughtUpMs === null ? [] : [equalAfter]),
    ...(otherVotes > 0 ? [others] : []),
    ...comparisons.map((each): Row => {
      const allowed =
        each.most === null ? ' or more' : each.most === each.least ? '' : ` to ${number(each.most)}`
      const mark = complaint(each) === undefined ? 'equal' : 'DIFFERENT'
      return [each.what, `accepted ${number(each.least)}${allowed}  counted ${number(each.found)}  ${mark}`]
    }),
  ]
}

/** Names left, values right of them, in one column each. */
export const table = (rows: readonly Row[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** The last lines: passed, or why not. */
export const conclusion = (failures: readonly string[]): string =>
  failures.length === 0
    ? '\nPASSED: every vote answered 202 is counted or rejected, difference 0.'
    : `\nFAILED:\n${failures.map((line) => `  - ${line}`).join('\n')}`

const number = (value: number): string => value.toLocaleString('en-US')

const ms = (value: number | null): string =>
  value === null ? '–' : `${value.toFixed(value < 100 ? 1 : 0)} ms`
