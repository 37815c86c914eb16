import { type RejectionReason, rejectionReasons } from '../ingest/rejection.ts'
import { LoadError } from './load-error.ts'
import { addTally, emptyTally, type Tally } from './tally.ts'

/** The part of Artillery's `--output` file that is read here. */
export type ArtilleryReport = {
  aggregate: {
    counters: Record<string, number>
    summaries?: Record<string, { p50: number; p99: number; max: number }>
  }
}

/** What an Artillery run did. */
export type ArtilleryOutcome = {
  accepted: Tally
  unknown: Tally
  /** How often each named request was answered with each status, or failed with an error code. */
  answers: { name: string; result: string; count: number }[]
  /** Answers that a request's `expect` did not allow. */
  unexpected: number
}

/** Counters of the plugin metrics-by-endpoint, in the namespace that smoke.yml gives it. */
const counter = /^votes\.(.+)\.(codes|errors)\.([^.]+)$/

/**
 * Reads what was accepted from the counters of the named requests: the name of a request says what an accepted one
 * must come to, `option <id>` or `rejected <reason>`, with ` times <n>` for a batch.
 *
 * @throws LoadError when a 202 was given to a request whose name does not say so
 */
export const artilleryOutcome = ({ aggregate: { counters } }: ArtilleryReport): ArtilleryOutcome => {
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
  for (const { name, failed, result, count } of answers) {
    const tally = tallyOf(name)
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
    answers: answers.map(({ name, result, count }) => ({ name, result, count })),
    unexpected: counters['plugins.expect.failed'] ?? 0,
  }
}

const tallyOf = (name: string): Tally | undefined => {
  const [, kind, what = '', times = '1'] =
    /^(option|rejected) ([a-z0-9_-]+)(?: times (\d+))?$/.exec(name) ?? []
  const votes = Number(times)
  if (kind === 'option') return { options: { [what]: votes }, rejected: {} }
  if (kind === 'rejected' && isReason(what)) return { options: {}, rejected: { [what]: votes } }
  return undefined
}

const isReason = (text: string): text is RejectionReason =>
  (rejectionReasons as readonly string[]).includes(text)
