import type { Ledger } from './ledger.ts'

/** Clocks of stream and function differ, and records go a little earlier or later than they may. */
const marginMs = 3_600_000

/**
 * Until when votes may have outlived the retention unread, epoch ms; `undefined` when none can have. Records go in the order of
 * their arrival, so none has behind the checkpoint while the last record that was counted is kept, nor for that long after
 * somebody saw that nothing was left to be counted. And what has gone by `now` arrived a retention before it.
 *
 * @param now epoch ms
 */
export const lostUntil = (
  { lastArrival, caughtUpAt }: Pick<Ledger, 'lastArrival' | 'caughtUpAt'>,
  now: number,
  retentionMs: number,
): number | undefined => {
  const seenUntil = Math.max(lastArrival ?? 0, caughtUpAt ?? 0)
  const gone = goneUntil(now, retentionMs)
  return seenUntil < gone ? gone : undefined
}

/** What arrived before this time, epoch ms, may have expired by `now`. */
export const goneUntil = (now: number, retentionMs: number): number => now - retentionMs + marginMs

/** The ledger with what may have been lost of its shard by `now` noted; unchanged when nothing new may have. */
export const withLoss = <L extends Ledger>(ledger: L, now: number, retentionMs: number): L => {
  const lost = ledger.drained ? undefined : lostUntil(ledger, now, retentionMs)
  return lost === undefined ? ledger : { ...ledger, lostUntil: Math.max(lost, ledger.lostUntil ?? 0) }
}

/** Nothing of a shard can have expired that is young, whatever had to be feared of it before. */
export const withoutLoss = <L extends Ledger>({ lostUntil: _feared, ...ledger }: L): Omit<L, 'lostUntil'> =>
  ledger

/** A shard born since this time, epoch ms, is so young that nothing of it can have expired by `now`, nor within the next hour. */
export const youngSince = (now: number, retentionMs: number): number => goneUntil(now, retentionMs) + marginMs

/** How old that evidence may get before it is renewed: a small part of the retention, so that a missed turn does not matter. */
export const renewAfterMs = (retentionMs: number): number => retentionMs / 8
