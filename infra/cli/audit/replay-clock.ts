/** The span of the past that is played, epoch ms, and how many times faster than it was. */
export type Playing = { from: number; to: number; speed: number }

/**
 * A clock that plays the past, in epoch ms. It starts at `from`, runs at `speed` up to `to`, and from there on as fast as
 * the real one: the page takes the server's time from its answers, and a clock that stood still, or ran slower than the
 * page's own, would make it call what it shows old.
 *
 * @param now a monotonic clock, ms
 */
export const virtualClock = ({ from, to, speed }: Playing, now: () => number): (() => number) => {
  const startedAt = now()
  const playedMs = Math.max(0, to - from) / speed
  return () => {
    const elapsedMs = now() - startedAt
    return Math.floor(elapsedMs < playedMs ? from + elapsedMs * speed : to + (elapsedMs - playedMs))
  }
}
