import { markdownTable } from '../cost/markdown-table.ts'
import type { FreshnessRound, Tail } from './freshness.ts'
import { type Spread, spreadOf } from './ratio.ts'
import { aimed, aimLine, spreadCell, verdictLines, whole } from './ratio-text.ts'

/** Accepted → counted, for 99 votes of 100. */
const aimedCountedP99Ms = 1_000

/** Votes sent at random moments are now and then one more or less in a second: so much of the rate is the rate. */
const rateShare = 0.99

const contents = `In *accepted → visible* are: up to 250 ms until the stream is polled (25 shards: 520), counting and its put, a cache of up to a second
before the scoreboard, the page's refresh every 0.9 to 1.1 s, and the frame in which the browser draws it. It begins when the voter has
the answer, *accepted → counted* when the gateway has the vote. Generator, server and browser share the machine.`

/** The result as Markdown: a row for each rate, the medians of its rounds and from the least to the most. */
export const freshnessMarkdown = (
  rounds: readonly FreshnessRound[],
  failures: readonly string[],
  circumstances: string,
): string => {
  const rates = [...Map.groupBy(rounds, ({ rate }) => rate)].sort(([a], [b]) => a - b)
  const stages = ['p50', 'p99', 'max'] as const
  return [
    circumstances,
    markdownTable(
      [
        'votes/s asked for',
        'accepted/s',
        'sent on time',
        'shards',
        ...stages.map((stage) => `counted ${stage}, ms`),
        ...stages.map((stage) => `visible ${stage}, ms`),
      ],
      rates.map(([rate, at]) => [
        whole(rate),
        wholeCell(spreadOf(at.map(({ acceptedPerSecond }) => acceptedPerSecond))),
        percentCell(spreadOf(at.map(({ rateHeld }) => rateHeld))),
        String(at[0]?.shards ?? ''),
        ...stages.map((stage) => tailCell(at.map(({ counted }) => counted[stage]))),
        ...stages.map((stage) => tailCell(at.map(({ visible }) => visible[stage]))),
      ]),
    ),
    contents,
    rates.flatMap(([rate, at]) => aimLines(rate, at)).join('\n'),
    `For accepted → visible the aim is "about a second", without a figure: ${rates.map(([rate, at]) => medianLine(rate, at)).join('; ')}.`,
    ...(rounds.some(({ throttled }) => throttled > 0) ? [throttledLine(rounds)] : []),
    verdictLines(failures, 'every accepted vote was counted, and shown'),
  ].join('\n\n')
}

/** Rates whose median to the page is over `maxMs`. */
export const freshnessShortfalls = (rounds: readonly FreshnessRound[], maxMs: number): string[] =>
  [...Map.groupBy(rounds, ({ rate }) => rate)].flatMap(([rate, at]) => {
    const median = visibleMedian(at)
    return median !== undefined && median <= maxMs
      ? []
      : [`at ${whole(rate)} votes/s half were visible after ${median ?? 'no'} ms, at most ${maxMs} allowed`]
  })

const aimLines = (rate: number, at: readonly FreshnessRound[]): string[] => {
  const p99s = at.map(({ counted }) => counted.p99).filter((ms) => ms !== null)
  const p99 = p99s.length === 0 ? undefined : spreadOf(p99s).median
  const accepted = spreadOf(at.map(({ acceptedPerSecond }) => acceptedPerSecond)).median
  return [
    aimLine(`votes/s accepted of ${whole(rate)}`, accepted, rate * rateShare, 0),
    `- Aim: accepted → counted p99 at ${whole(rate)} votes/s under ${whole(aimedCountedP99Ms)} ms; ${p99 === undefined ? 'no vote' : `${whole(p99)} ms`}: ${aimed(p99 !== undefined && p99 < aimedCountedP99Ms)}.`,
  ]
}

const medianLine = (rate: number, at: readonly FreshnessRound[]): string => {
  const median = visibleMedian(at)
  const found = median === undefined ? 'no vote' : `half of the votes within ${(median / 1_000).toFixed(2)} s`
  return `at ${whole(rate)} votes/s asked for, ${found}`
}

const visibleMedian = (at: readonly FreshnessRound[]): number | undefined => {
  const known = at.map(({ visible }) => visible.p50).filter((ms) => ms !== null)
  return known.length === 0 ? undefined : spreadOf(known).median
}

const throttledLine = (rounds: readonly FreshnessRound[]): string => {
  const refused = rounds.filter(({ throttled }) => throttled > 0)
  const each = refused.map(({ rate, throttled }) => `${whole(throttled)} at ${whole(rate)}/s`)
  return `Refused with 429 by the limits of shards, round by round: ${each.join(', ')}.`
}

const tailCell = (values: readonly Tail['p50'][]): string => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? '–' : wholeCell(spreadOf(known))
}

const wholeCell = (spread: Spread): string => spreadCell(spread, whole)
const percentCell = (spread: Spread): string => spreadCell(spread, (part) => `${(part * 100).toFixed(1)} %`)
