import type {
  FirehoseTransformationEvent,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda'
import type { DeliveryJob } from './delivery-job.ts'
import { type JobRecord, transformationEvent } from './transformation-event.ts'

/** Lambda's limit for what a synchronous invocation answers. */
const maxResponseBytes = 6 * 1024 * 1024

/** What a record takes in the answer beside its data: field names, its id, the result. */
const responseOverheadBytes = 120

export type Invoke = (event: FirehoseTransformationEvent) => Promise<unknown>

/**
 * Has the function transform records, and gives the base64 of what is to be delivered, in the records' order. Where
 * the answer is over Lambda's limit, the records go in two halves; a single one passes, whatever its size.
 *
 * Rejects when the function does, when it leaves a record out, or when it failed to process one.
 */
export const transform = async (
  job: DeliveryJob,
  records: readonly JobRecord[],
  invoke: Invoke,
  newId: () => string,
): Promise<string[]> => {
  const event = transformationEvent(job, records, newId())
  const answered = resultsOf(await invoke(event))
  if (records.length > 1 && responseBytes(answered) > maxResponseBytes) {
    const middle = records.length >>> 1
    return [
      ...(await transform(job, records.slice(0, middle), invoke, newId)),
      ...(await transform(job, records.slice(middle), invoke, newId)),
    ]
  }
  const byId = new Map(answered.map((result) => [result.recordId, result]))
  return event.records.flatMap(({ recordId }) => delivered(recordId, byId.get(recordId)))
}

const resultsOf = (answer: unknown): FirehoseTransformationResultRecord[] => {
  const { records } = (answer ?? {}) as Partial<FirehoseTransformationResult>
  if (!Array.isArray(records)) throw new Error('the function answered without records')
  return records
}

const responseBytes = (results: readonly FirehoseTransformationResultRecord[]): number =>
  results.reduce((sum, { data = '' }) => sum + responseOverheadBytes + data.length, 0)

const delivered = (id: string, answer: FirehoseTransformationResultRecord | undefined): string[] => {
  if (answer === undefined) throw new Error(`the function left out record ${id}`)
  if (answer.result === 'Dropped') return []
  if (answer.result !== 'Ok' || typeof answer.data !== 'string')
    throw new Error(`the function answered ${answer.result} for record ${id}`)
  return [answer.data]
}
