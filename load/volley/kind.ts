import { type Tally, votesIn } from '../tally.ts'
import { dice, weighted } from './dice.ts'

/** One of the few distinct requests that a volley is made of. */
export type RequestKind = {
  /** What answers are listed under; several kinds may share it. */
  name: string
  method: 'GET' | 'POST'
  path: string
  /** By lower-case name; Host, Content-Length and If-None-Match are not among them. */
  headers: Readonly<Record<string, string>>
  /** Empty for none. */
  body: string
  weight: number
  /** What an accepted one must come to; nothing for a read, or a request that is to be refused. */
  tally: Tally
  /** Votes, well or badly cast, in one request: 0 for a read. */
  votes: number
  /** The statuses that it may be answered with. */
  expected: readonly number[]
  /** Whether a 429 is neither expected nor wrong: the run asks how much is taken, not that all of it is. */
  mayBeThrottled: boolean
  /** Whether it carries the newest ETag that its own answers had, as `If-None-Match`. */
  conditional: boolean
}

const jsonHeaders = { 'content-type': 'application/json' }

/** A `POST` of JSON that is to be accepted, or throttled. */
export const votePost = (
  name: string,
  { path, body, weight, tally }: Pick<RequestKind, 'path' | 'body' | 'weight' | 'tally'>,
): RequestKind => ({
  name,
  method: 'POST',
  path,
  headers: jsonHeaders,
  body,
  weight,
  tally,
  votes: votesIn(tally),
  expected: [202],
  mayBeThrottled: true,
  conditional: false,
})

/** Which of the kinds request `n` is. */
export const kindOf = (kinds: readonly RequestKind[], seed: number): ((n: number) => number) => {
  const choose = weighted(kinds.map(({ weight }) => weight))
  return (n) => choose(dice(seed, n))
}
