import { LoadError } from './load-error.ts'
import { tallyOfName, votesCast } from './playing/request-name.ts'
import { addTally, emptyTally, type Tally } from './tally.ts'
import type { Answers } from './volley/result.ts'

/** The part of Artillery's `--output` file that is read here. */
export type ArtilleryReport = {
  aggregate: {
    /** When the last metric was taken, epoch ms: as the last virtual user ended. */
    lastMetricAt?: number
    counters: Record<string, number>
    summaries?: Record<string, { p50: number; p99: number; max: number }>
  }
}

/** What an Artillery run did. */
export type ArtilleryOutcome = {
  accepted: Tally
  unknown: Tally
  /** Votes, well or badly cast: each that was sent was accepted, throttled (429) or failed (refused, 5xx, no answer). */
  votes: { sent: number; throttled: number; failed: number }
  /** When the last virtual user had its answer, epoch ms; `null` when nothing was answered. */
  lastAnswerAt: number | null
  /** How often each named request was answered with each status, or failed with an error code. */
  answers: Answers[]
  /** Answers that a request's `expect` did not allow. */
  unexpected: number
}

/** Counters of the plugin metrics-by-endpoint, in the namespace that the scenarios give it. */
const counter = /^votes\.(.+)\.(codes|errors)\.([^.]+)$/

/**
 * Reads what was accepted from the counters of the named requests: the name of a request says what an accepted one
 * must come to.
 *
 * @throws LoadError when a 202 was given to a request whose name does not say so
 */
export const artilleryOutcome = ({ aggregate }: ArtilleryReport): ArtilleryOutcome => {
  const { counters, lastMetricAt } = aggregate
  const accepted = emptyTally()
  const unknown = emptyTally()
  const answers = Object.entries(counters)
    .flatMap(([key, count]) => {
      const [, name, kind, result] = counter.exec(key) ?? []
      return name === undefined || result === undefined
        ? []
        : [{ name, failed: kind === 'errors', result, count }]
    })
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const votes = { sent: 0, throttled: 0, failed: 0 }
  for (const { name, failed, result, count } of answers) {
    const tally = tallyOfName(name)
    const cast = count * votesCast(name)
    votes.sent += cast
    if (result === '429') votes.throttled += cast
    else if (failed || result !== '202') votes.failed += cast
    // A request answered 5xx may have been stored all the same, as may one without an answer.
    if ((failed || result.startsWith('5')) && tally !== undefined) addTally(unknown, tally, count)
    if (failed || result !== '202') continue
    if (tally === undefined)
      throw new LoadError(`"${name}" was answered 202, but its name does not say what that counts.`)
    addTally(accepted, tally, count)
  }
  const named = answers.reduce(
    (sum, { failed, result, count }) => (!failed && result === '202' ? sum + count : sum),
    0,
  )
  const all = counters['http.codes.202'] ?? 0
  if (named !== all) throw new LoadError(`${all} requests were answered 202, ${named} of them have a name.`)
  return {
    accepted,
    unknown,
    votes,
    lastAnswerAt: answers.some(({ failed }) => !failed) ? (lastMetricAt ?? null) : null,
    answers: answers.map(({ name, result, count }) => ({ name, result, count })),
    unexpected: counters['plugins.expect.failed'] ?? 0,
  }
}
