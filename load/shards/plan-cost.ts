import { perMillion } from '../cost/bill.ts'
import { type StreamMode, shardsFor } from '../cost/stream.ts'
import { type Door, type Show, showBill, votesIn } from '../cost.ts'
import { batchRecordBytes } from './plan-record.ts'

/** One way to have the votes counted, and what each kind of stream makes of it, in US dollars. */
export type WayCost = {
  door: Door
  votesPerRequest: number
  shards: number
  usd: Record<StreamMode, { perHour: number; perMillionVotes: number }>
}

export type CostRequest = {
  votesPerSecond: number
  /** Of a record that holds one vote. */
  recordBytes: number
  batch: number
  headroom: number
}

/** What is compared with: batches of so many where single votes are planned. */
const otherBatch = 100

/** The plan through each door, and beside it the same votes in batches, or singly. */
export const wayCosts = (request: CostRequest): WayCost[] => [
  ...(['site', 'rest', 'http'] as const).map((door) => wayCost(request, door, request.batch)),
  wayCost(request, 'rest', request.batch === 1 ? otherBatch : 1),
]

const wayCost = (request: CostRequest, door: Door, votesPerRequest: number): WayCost => {
  const { votesPerSecond, headroom } = request
  const recordBytes = batchRecordBytes(request.recordBytes, votesPerRequest)
  const shards = shardsFor({ recordsPerSecond: votesPerSecond / votesPerRequest, recordBytes }, headroom)
  const cost = (streamMode: StreamMode) => {
    const show: Show = { votesPerSecond, votesPerRequest, recordBytes, shards, hours: 1, door, streamMode }
    const bill = showBill(show)
    return { perHour: bill.usd, perMillionVotes: perMillion(bill, votesIn(show)).usd }
  }
  return {
    door,
    votesPerRequest,
    shards,
    usd: {
      provisioned: cost('provisioned'),
      'on-demand': cost('on-demand'),
      'on-demand advantage': cost('on-demand advantage'),
    },
  }
}
