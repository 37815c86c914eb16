import { createHash } from 'node:crypto'
import { errorTable, type Refusal, refusal } from '../ingest/errors.ts'
import { isSlug } from '../ingest/vote.ts'
import type { Views } from './views.ts'

/** A read as HTTP asks it: the path, undecoded, and the query. */
export type HttpQuestion = { path: string; query: URLSearchParams }
export type HttpAnswer = { statusCode: number; headers: Record<string, string>; body: string }

/** Viewers and the edge may keep an answer for one second: one small JSON then serves any number of them. */
const cacheControl = 'public, max-age=1'

const windowsLimit = { default: 120, most: 1000 }

/** Answers a read of design section 4 as HTTP. Throws when the store fails. */
export const answer = async ({ path, query }: HttpQuestion, views: Views): Promise<HttpAnswer> => {
  if (path === '/polls') return found(await views.polls())
  if (path === '/stats') return found(await views.stats())
  const [, collection, poll = '', view, ...rest] = path.split('/')
  if (collection !== 'polls' || !isSlug(poll) || rest.length > 0) return notFound(path)
  switch (view) {
    case 'scoreboard':
      return foundPoll(poll, await views.scoreboard(poll))
    case 'shards':
      return foundPoll(poll, await views.shards(poll))
    case 'windows': {
      const since = wholeNumber(query.get('since'))
      const limit = wholeNumber(query.get('limit')) ?? windowsLimit.default
      if (Number.isNaN(since) || !(limit >= 1 && limit <= windowsLimit.most)) return refused(badQuery)
      return foundPoll(poll, await views.windows(poll, since, limit))
    }
    default:
      return notFound(path)
  }
}

/** What is said when the store fails, or whoever reads it. */
export const failedRead = refusal('unavailable', 'The scoreboard cannot be read at the moment; try again.')

/** The answer to a read that threw. */
export const failedReadAnswer = (): HttpAnswer => refused(failedRead)

const badQuery = refusal(
  'invalid_request',
  `since must be epoch milliseconds and limit 1 to ${windowsLimit.most}; expected ?since=1790000000000&limit=120.`,
)

/** `undefined` when absent, NaN when it is no whole number from 0 on. */
const wholeNumber = (text: string | null): number | undefined => {
  if (text === null) return undefined
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

const found = (view: object): HttpAnswer => {
  const { asOf: _now, ...lasting } = view as { asOf?: number }
  const etag = `"${createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 22)}"`
  return json(200, view, { etag })
}

const foundPoll = (poll: string, view: object | undefined): HttpAnswer =>
  view
    ? found(view)
    : refused(refusal('unknown_poll', `There is no poll ${poll}; GET /polls lists those there are.`))

const notFound = (path: string): HttpAnswer =>
  refused(refusal('not_found', `Nothing is at ${path.slice(0, 200)}.`))

const refused = (problem: Refusal): HttpAnswer => {
  const row: { status: number; retryAfterSeconds?: number } = errorTable[problem.error]
  const { status, retryAfterSeconds } = row
  const wait = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return json(status, problem, wait)
}

const json = (statusCode: number, body: object, headers: Record<string, string>): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': cacheControl, ...headers },
  body: JSON.stringify(body),
})
