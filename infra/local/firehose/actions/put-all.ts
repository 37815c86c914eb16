import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import type { FirehoseContext } from './context.ts'
import { findDeliveryStream } from './find-delivery-stream.ts'

export type PutEntry = { RecordId: string } | { ErrorCode: string; ErrorMessage: string }

const failed: PutEntry = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Service Unavailable' }

/** Puts records to a delivery stream, each for itself, with one sync for all. */
export const putAll = async (
  context: FirehoseContext,
  name: string,
  records: readonly Buffer[],
): Promise<PutEntry[] | Refusal> => {
  const found = findDeliveryStream(context, name)
  if (isRefusal(found)) return found
  const { put } = found
  if (put === undefined)
    return refusal(
      'InvalidArgumentException',
      'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    )
  const failures: unknown[] = []
  const fail = (error: unknown): PutEntry => {
    failures.push(error)
    return failed
  }
  // All of them are put before the first is waited for, so that they share a sync.
  const waiting = records.map((data): PutEntry | Promise<PutEntry> => {
    try {
      const { recordId, durable } = put(data)
      return durable.then(() => ({ RecordId: recordId }), fail)
    } catch (error) {
      return fail(error) // more waits for the disk than memory allows
    }
  })
  const entries = await Promise.all(waiting)
  if (failures.length > 0)
    context.log(
      `${failures.length} of ${records.length} records for ${name} could not be stored`,
      failures[0],
    )
  return entries
}
