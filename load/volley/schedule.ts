/** A while in which the rate goes from one value to another, evenly; requests per second. A pause has both at 0. */
export type Stretch = { seconds: number; from: number; to: number }

/**
 * When each request of a volley is due. The schedule is arithmetic, so it takes no memory however far the generator
 * falls behind, and a request that waits for a free connection keeps its moment: latency is measured from there.
 */
export type Schedule = {
  /** Requests in all. */
  size: number
  lengthMs: number
  segments: readonly Segment[]
}

/** A stretch in which something is due, and how many requests are due before it (not always a whole number). */
type Segment = { startMs: number; startN: number; endN: number; perMs: number; perMsPerMs: number }

/** What floating point may lose of a request. */
const rounding = 1e-6

/** @throws RangeError when nothing is ever due */
export const rampSchedule = (stretches: readonly Stretch[]): Schedule => {
  const segments: Segment[] = []
  let startMs = 0
  let startN = 0
  for (const { seconds, from, to } of stretches) {
    const lengthMs = seconds * 1_000
    const endN = startN + (seconds * (from + to)) / 2
    const perMsPerMs = (to - from) / 1_000 / lengthMs
    if (endN > startN) segments.push({ startMs, startN, endN, perMs: from / 1_000, perMsPerMs })
    startMs += lengthMs
    startN = endN
  }
  if (segments.length === 0) throw new RangeError('A schedule needs a rate above 0 for longer than 0 s.')
  return { size: Math.max(1, Math.round(startN)), lengthMs: startMs, segments }
}

/**
 * One rate, held.
 *
 * @param rate votes per second
 * @param batch votes per request
 */
export const schedule = (rate: number, seconds: number, batch: number): Schedule =>
  rampSchedule([{ seconds, from: rate / batch, to: rate / batch }])

/** The moment of request `n` (from 0), in milliseconds from the start. */
export const dueAtMs = ({ segments }: Schedule, n: number): number => {
  let at = segments.length - 1
  while (at > 0 && n < (segments[at] as Segment).startN - rounding) at -= 1
  const { startMs, startN, perMs, perMsPerMs } = segments[at] as Segment
  const nth = n - startN
  if (nth <= 0) return startMs
  // Of the quadratic formula the form that neither cancels nor divides by a slope of 0.
  return startMs + (2 * nth) / (perMs + Math.sqrt(Math.max(0, perMs * perMs + 2 * perMsPerMs * nth)))
}

/** How many requests are due once `elapsedMs` have passed. The first of a stretch is due when it begins. */
export const dueBy = ({ size, segments }: Schedule, elapsedMs: number): number => {
  let at = segments.length - 1
  while (at >= 0 && elapsedMs < (segments[at] as Segment).startMs) at -= 1
  const segment = segments[at]
  if (segment === undefined) return 0
  const { startMs, startN, endN, perMs, perMsPerMs } = segment
  const passedMs = elapsedMs - startMs
  // A ramp down to 0 turns where it ends; behind that, all of it is due.
  const turnsMs = perMsPerMs < 0 ? -perMs / perMsPerMs : Number.POSITIVE_INFINITY
  const ms = Math.min(passedMs, turnsMs)
  const reached = Math.floor(startN + perMs * ms + (perMsPerMs / 2) * ms * ms + rounding) + 1
  return Math.min(size, at === segments.length - 1 ? size : Math.ceil(endN - rounding), reached)
}
