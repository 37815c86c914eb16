import { type Answer, retryAfterOf, timesOf } from './model/answer.ts'
import { noVoteAnswer, type VoteAnswer, voteAnswer } from './model/vote-answer.ts'

/** A read that takes longer is given up; the next one may find a better way. */
const readTimeoutMs = 3_000
const voteTimeoutMs = 5_000

/**
 * One conditional read. Never throws: what goes wrong is an answer too.
 *
 * @param etag of what is shown already; a 304 is then an answer
 * @param signal gives the read up when it is no longer wanted
 */
export const read = async <Body>(
  path: string,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<Answer<Body>> => {
  try {
    const response = await fetch(path, {
      headers: etag === undefined ? {} : { 'if-none-match': etag },
      // The page does its own revalidation: the browser's cache would hide the 304 and its Date.
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)]),
    })
    const times = timesOf(response.headers)
    if (response.status === 304) return { kind: 'unchanged', ...times }
    if (!response.ok) return { kind: 'failed', status: response.status, ...retryAfterOf(response.headers) }
    const body: Body = await response.json()
    const tag = response.headers.get('etag')
    return { kind: 'fresh', body, ...(tag === null ? {} : { etag: tag }), ...times }
  } catch {
    // Refused, cut off, timed out, given up, or not JSON: there is no answer, which is all the page needs to know.
    return { kind: 'failed' }
  }
}

/**
 * Casts one vote, once: a repetition would be a second vote, so nothing is retried.
 */
export const castVote = async (poll: string, option: { id: string; label: string }): Promise<VoteAnswer> => {
  try {
    const response = await fetch(`/polls/${encodeURIComponent(poll)}/votes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ option: option.id }),
      signal: AbortSignal.timeout(voteTimeoutMs),
    })
    const body: unknown = await response.json().catch(() => undefined)
    return voteAnswer(option.label, response.status, body, retryAfterOf(response.headers).retryAfterMs)
  } catch {
    return noVoteAnswer(option.label)
  }
}
