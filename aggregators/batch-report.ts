import { type Latency, mergeLatency } from './latency.ts'
import type { Ledger } from './ledger.ts'
import { sum } from './tally.ts'

/** What an invocation added to its ledger. `acceptedToCountedP99`, in ms, is `null` where it counted no vote. */
export type BatchReport = { counted: number; rejected: number; acceptedToCountedP99: number | null }

/**
 * What lies between two revisions of a ledger. A replay lies between equal ones, so it reports nothing.
 *
 * @param before `undefined` where there was none
 */
export const batchReport = (before: Ledger | undefined, after: Ledger): BatchReport => {
  const lifetime = before?.lifetime ?? { counted: 0, rejected: {} }
  const counted = after.lifetime.counted - lifetime.counted
  return {
    counted,
    rejected: sum(after.lifetime.rejected) - sum(lifetime.rejected),
    acceptedToCountedP99: counted > 0 ? latencyBetween(before, after).getValueAtPercentile(99) : null,
  }
}

/** A ledger's histograms only ever grow: their difference is the histogram of what came between. */
const latencyBetween = (before: Ledger | undefined, after: Ledger): Latency['histogram'] => {
  const { histogram } = acceptedToCounted(after)
  if (before !== undefined) histogram.subtract(acceptedToCounted(before).histogram)
  return histogram
}

const acceptedToCounted = ({ latency }: Ledger): Latency => mergeLatency([latency], 'acceptedToCounted')
