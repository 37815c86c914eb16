import { BatchProcessorSync, EventType, processPartialResponseSync } from '@aws-lambda-powertools/batch'
import type { ArrivedRecord, ForEachRecord } from './evolve.ts'

/** Each record is folded on its own, by Powertools; one whose fold throws is told back, to be rejected as malformed. */
export const forEachByPowertools: ForEachRecord = (records, fold) => {
  const Records = records.map((kinesis) => ({ kinesis }))
  const processor = new FoldProcessor(({ kinesis }) => fold(kinesis))
  const { batchItemFailures } = processPartialResponseSync({ Records }, () => {}, processor, {
    throwOnFullBatchFailure: false,
  })
  if (batchItemFailures.length === 0) return []
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
  return records.filter(({ sequenceNumber }) => failed.has(sequenceNumber))
}

/** Said of every record that was folded; nobody reads it. */
const folded = ['success', undefined, {}] as unknown as Processed

type Item = { kinesis: ArrivedRecord }
type ProcessRecord = BatchProcessorSync['processRecordSync']
type Processed = ReturnType<ProcessRecord>

/**
 * Powertools' own asks the environment three times a record where its handler, its options and its list of successes are
 * kept, which takes longer than the fold. This one has the fold, and keeps failures alone.
 */
class FoldProcessor extends BatchProcessorSync {
  readonly #fold: (item: Item) => void

  constructor(fold: (item: Item) => void) {
    super(EventType.KinesisDataStreams)
    this.#fold = fold
  }

  override processRecordSync(record: Parameters<ProcessRecord>[0]): Processed {
    try {
      this.#fold(record as Item)
      return folded
    } catch (error) {
      return this.failureHandler(record as Processed[2], error as Error)
    }
  }
}
