/**
 * What a conditional read came to. Times are of the server's clock, epoch ms, and absent where the header was.
 *
 * `serverMs` is the least the server's clock can show by now (`Date` plus the `Age` a cache added); `dateMs` the `Date`
 * alone, the moment for which an unchanged answer vouches.
 */
export type Answer<Body> =
  | { kind: 'fresh'; body: Body; etag?: string; serverMs?: number }
  | { kind: 'unchanged'; dateMs?: number; serverMs?: number }
  | { kind: 'failed'; status?: number; retryAfterMs?: number }

/** The times an answer's headers tell; whole seconds, as HTTP has it. */
export const timesOf = (headers: Headers): { dateMs?: number; serverMs?: number } => {
  const dateMs = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(dateMs)) return {}
  const ageSeconds = Number(headers.get('age') ?? 0)
  return { dateMs, serverMs: dateMs + (ageSeconds > 0 ? ageSeconds * 1000 : 0) }
}

/** `Retry-After` in its form of whole seconds, as ms; the form of a date is not used by Placar. */
export const retryAfterOf = (headers: Headers): { retryAfterMs?: number } => {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}
}
