import type { Address } from './connection.ts'
import type { Counters } from './counters.ts'
import { kindOf, type RequestKind } from './kind.ts'
import { type Outcome, outcomeRecorder } from './outcome.ts'
import { connectionPool } from './pool.ts'
import { requestBytes } from './request.ts'
import type { Answer } from './response.ts'
import { dueAtMs, dueBy, type Schedule } from './schedule.ts'

/** One thread's part of a volley: every `threads`-th request, from `thread` on. Plain data, to cross threads. */
export type Share = {
  address: Address
  kinds: readonly RequestKind[]
  seed: number
  schedule: Schedule
  thread: number
  threads: number
  connections: number
  /** Requests under way on one connection at most; above 1 they are sent together without awaiting answers. */
  pipeline: number
  /** How long to wait, once the last request is due, for what is still to be sent or answered. */
  drainMs: number
}

/** Timers of less are not to be had; a request to stop is noticed within the longest. */
const shortestTickMs = 1
const longestTickMs = 100

/** How often to look whether the last answers have come. */
const drainTickMs = 5

/**
 * Sends a share, open loop: every request at its moment or, while all connections are busy, as soon after it as one is
 * free. None is sent twice. At most `connections × pipeline` are under way, so memory is bounded.
 *
 * @param start called when the connections are open; resolves with the moment of the first request, by `now`
 * @param now a monotonic clock that tells epoch ms
 * @throws the connection's error when none could be opened
 */
export const sendShare = async (
  share: Share,
  counters: Counters,
  start: () => Promise<number>,
  now: () => number,
): Promise<Outcome> => {
  const { schedule, thread, threads } = share
  const draw = kindOf(share.kinds, share.seed)
  const bytes = share.kinds.map((kind) => requestBytes(share.address, kind))
  const recorder = outcomeRecorder(share.kinds, counters)
  const etags = new Map<number, string>()
  let startAt = 0
  let next = 0
  let size = own(share, schedule.size)
  let due = size

  const answered = (n: number, { status, etag }: Answer): void => {
    const at = now()
    const kind = draw(n)
    recorder.answered(kind, status, at - startAt - dueAtMs(schedule, n), at)
    if (etag !== undefined) remember(kind, etag)
  }
  /** The next request of the kind asks whether anything has changed since. */
  const remember = (index: number, etag: string): void => {
    const kind = share.kinds[index]
    if (!kind?.conditional || etags.get(index) === etag) return
    etags.set(index, etag)
    bytes[index] = requestBytes(share.address, kind, etag)
  }
  const lost = (requests: readonly number[]): void => {
    for (const n of requests) recorder.lost(draw(n))
  }
  const pool = connectionPool(
    share.address,
    share.connections,
    { answered, lost, failed: recorder.failed },
    now,
  )

  const sendDue = (elapsedMs: number): void => {
    const dueNow = Math.min(size, own(share, dueBy(schedule, elapsedMs)))
    while (next < dueNow) {
      const connection = pool.take()
      if (connection === undefined) return
      const group: number[] = []
      while (next < dueNow && group.length < share.pipeline) group.push(thread + next++ * threads)
      for (const n of group) recorder.sent(elapsedMs - dueAtMs(schedule, n))
      connection.send(group, together(group.map((n) => bytes[draw(n)] as Buffer)))
    }
  }

  await pool.open()
  startAt = await start()
  let giveUpAt = startAt + schedule.lengthMs + share.drainMs
  await paced(() => {
    const at = now()
    if (counters.stopped() && next < size) {
      due = own(share, dueBy(schedule, at - startAt))
      size = next
      giveUpAt = at + share.drainMs
    }
    if (at >= giveUpAt) return undefined
    sendDue(at - startAt)
    if (next < size) return dueAtMs(schedule, thread + next * threads) - (at - startAt)
    return recorder.underWay() > 0 ? drainTickMs : undefined
  })
  await pool.close()
  return { due, ...recorder.outcome() }
}

/** Calls `step` again after the milliseconds it returns, within what timers can do, until it returns `undefined`. */
const paced = (step: () => number | undefined): Promise<void> =>
  new Promise((resolve) => {
    const tick = (): void => {
      const waitMs = step()
      if (waitMs === undefined) resolve()
      else setTimeout(tick, Math.min(longestTickMs, Math.max(shortestTickMs, waitMs)))
    }
    tick()
  })

/** How many of the volley's first `requests` requests are this share's. */
const own = ({ thread, threads }: Share, requests: number): number =>
  Math.max(0, Math.ceil((requests - thread) / threads))

const together = (parts: Buffer[]): Buffer =>
  parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
