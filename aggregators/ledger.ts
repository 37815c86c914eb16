import type { Rejections } from '../ingest/rejection.ts'
import type { LedgerLatency } from './latency.ts'
import { genesisHash, type OpenPart, type SealedPart, sealPart, type Window } from './part.ts'
import { increase, sum, type Tally } from './tally.ts'

/**
 * Everything that has been counted in one shard, up to its checkpoint. It is one item of the count store and is only
 * ever replaced as a whole, on condition that nobody replaced it since it was read: that makes counting exact.
 */
export type Ledger = {
  shardId: string
  /** Puts so far; 0: not in the table yet. */
  revision: number
  /** Sequence number of the last record counted; `0` before the first. */
  checkpoint: string
  /** Latest arrival of any record, epoch ms; `null` before the first. */
  lastArrival: number | null
  /** By poll; a poll leaves when it is final. */
  entries: Record<string, Entry>
  /** Over the shard's life, whatever became of the polls. */
  lifetime: { counted: number; rejected: Rejections }
  latency: LedgerLatency
  open: OpenPart | null
  /** Sealed by the last put; its WINDOW item is written before the next one, which forgets it. */
  sealed: SealedPart | null
  /** Parts sealed so far, which is the number of the next one. */
  parts: number
  /** Hash of the last sealed part. */
  head: string
  /** Everything that arrived until then was counted when somebody looked, epoch ms; noted for shards that are silent. */
  caughtUpAt?: number
  /** Records that arrived until then may have outlived the stream's retention unread, epoch ms. */
  lostUntil?: number
  /** The shard has ended, and everything that was left in it is counted. */
  drained?: true
  /** Votes counted per poll in the newest windows that were sealed, newest first, at most `recentWindows`. */
  recent: RecentWindow[]
}

/**
 * Windows of a second are complete some two seconds after they end: a shard still knows the newest complete one while
 * counting elsewhere is up to five windows behind. What is read where it no longer does is said at `countedIn`.
 */
export const recentWindows = 8

export type RecentWindow = Window & { counted: Record<string, number> }

/** What one poll got in this shard. */
export type Entry = Tally & {
  /** Frozen: the close marker has passed, or the shard came too late for the shard set. Votes are `closed` from then on. */
  passed: boolean
  lastArrival: number | null
}

export const emptyLedger = (shardId: string): Ledger => ({
  shardId,
  revision: 0,
  checkpoint: '0',
  lastArrival: null,
  entries: {},
  lifetime: { counted: 0, rejected: {} },
  latency: {},
  open: null,
  sealed: null,
  parts: 0,
  head: genesisHash,
  recent: [],
})

/** The ledger with its open part sealed and chained; unchanged where none is open. */
export const seal = (ledger: Ledger): Ledger => {
  const { shardId, open, parts, head } = ledger
  if (open === null) return ledger
  const sealed = sealPart(shardId, parts, head, open)
  return {
    ...ledger,
    open: null,
    sealed,
    parts: parts + 1,
    head: sealed.hash,
    recent: withPart(ledger.recent, open),
  }
}

/** `recent` after a part; the parts of one window add up. */
const withPart = (recent: readonly RecentWindow[], { window, polls }: OpenPart): RecentWindow[] => {
  const counted = { ...recent.find(({ end }) => end === window.end)?.counted }
  for (const [poll, { counts }] of Object.entries(polls)) increase(counted, poll, sum(counts))
  return [{ ...window, counted }, ...recent.filter(({ end }) => end !== window.end)]
    .sort((left, right) => right.end - left.end)
    .slice(0, recentWindows)
}
