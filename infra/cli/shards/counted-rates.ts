import type { Ledger } from '../../../aggregators/ledger.ts'
import { sum } from '../../../aggregators/tally.ts'
import { countedIn, perSecond } from '../../../dashboard/scoreboard.ts'
import { newestComplete } from '../../../dashboard/settled.ts'
import { pipeline } from '../../config.ts'

/** Votes counted in a shard per second: in the newest complete window, and in the ones it still knows, oldest first. */
export type CountedRate = { perSecond: number; history: number[] }

/**
 * By the ledgers' windows, as the dashboard has it; of a shard without a ledger, nothing.
 *
 * @param behindMs how far counting is behind; `null` if unknown
 * @param now epoch ms
 */
export const countedRates = (
  shardIds: readonly string[],
  ledgers: readonly Ledger[],
  behindMs: number | null,
  now: number,
): CountedRate[] => {
  const window = newestComplete({ now, behindMs, windowMs: windowMsOf(ledgers) })
  return shardIds.map((id) => {
    const ledger = ledgers.find(({ shardId }) => shardId === id)
    if (ledger === undefined) return { perSecond: 0, history: [] }
    return {
      perSecond: perSecond(sum(countedIn(window, ledger)), window),
      history: ledger.recent.map((each) => perSecond(sum(each.counted), each)).reverse(),
    }
  })
}

/** The windows are as long as those that were counted; it is a choice of the instance. */
const windowMsOf = (ledgers: readonly Ledger[]): number => {
  const known = ledgers.flatMap(({ open, recent }) => open?.window ?? recent[0] ?? [])[0]
  return known === undefined ? pipeline.aggregator.tumblingWindowSeconds * 1000 : known.end - known.start
}
