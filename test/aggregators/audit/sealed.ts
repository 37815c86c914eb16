import type { Head } from '../../../aggregators/archive-line.ts'
import { evolve, type Polls } from '../../../aggregators/evolve.ts'
import { type KinesisEventRecord, toArrivedRecords } from '../../../aggregators/kinesis-event.ts'
import { emptyLedger, type Ledger, seal } from '../../../aggregators/ledger.ts'
import type { SealedPart } from '../../../aggregators/part.ts'

/** A record as the stream holds it. `arrival`: epoch ms. */
export type StreamRecord = {
  shardId: string
  sequenceNumber: string
  arrival: number
  partitionKey: string
  data: Buffer
}

/** What the fold makes of a shard: its ledger after the last record, and all parts, sealed. */
export type CountedShard = { ledger: Ledger; parts: SealedPart[]; head: Head }

/** Folds a shard's records, in order, with the real fold: a part a window of `windowMs`, the last one sealed too. */
export const countShard = (
  shardId: string,
  records: readonly StreamRecord[],
  polls: Polls,
  windowMs: number,
): CountedShard => {
  let ledger = emptyLedger(shardId)
  const parts: SealedPart[] = []
  const put = (next: Ledger): void => {
    if (next.sealed !== null && next.sealed.number === parts.length) parts.push(next.sealed)
    ledger = next
  }
  for (const batch of byWindow(records, windowMs)) {
    const start = windowStart(batch[0]?.arrival ?? 0, windowMs)
    put(
      evolve(
        ledger,
        {
          window: { start, end: start + windowMs },
          records: toArrivedRecords(batch.map(toEventRecord)),
          countedAt: start + windowMs,
        },
        polls,
      ),
    )
  }
  put(seal(ledger))
  return { ledger, parts, head: { parts: ledger.parts, head: ledger.head } }
}

const toEventRecord = ({
  sequenceNumber,
  arrival,
  partitionKey,
  data,
}: StreamRecord): KinesisEventRecord => ({
  eventID: sequenceNumber,
  kinesis: {
    sequenceNumber,
    partitionKey,
    data: data.toString('base64'),
    approximateArrivalTimestamp: arrival / 1000,
  },
})

const windowStart = (arrival: number, windowMs: number): number => arrival - (arrival % windowMs)

/** Runs of records of one window, as a tumbling window hands them over. */
const byWindow = (records: readonly StreamRecord[], windowMs: number): StreamRecord[][] => {
  const runs: StreamRecord[][] = []
  for (const record of records) {
    const run = runs.at(-1)
    const same =
      run?.[0] !== undefined &&
      windowStart(run[0].arrival, windowMs) === windowStart(record.arrival, windowMs)
    if (same) run.push(record)
    else runs.push([record])
  }
  return runs
}
