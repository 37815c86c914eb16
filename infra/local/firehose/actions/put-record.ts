import { action } from '../../aws/rpc-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import type { FirehoseContext } from './context.ts'
import { deliveryStreamName, recordMembers } from './fields.ts'
import { putAll } from './put-all.ts'

const input = {
  DeliveryStreamName: deliveryStreamName,
  Record: { type: 'structure', required: true, members: recordMembers },
} as const

/** Puts one record; answered when it is durable. */
export const putRecord = action(input, async (context: FirehoseContext, { DeliveryStreamName, Record }) => {
  const entries = await putAll(context, DeliveryStreamName, [Record.Data])
  if (isRefusal(entries)) return entries
  const [entry] = entries
  if (entry && 'RecordId' in entry) return { RecordId: entry.RecordId, Encrypted: false }
  return refusal('ServiceUnavailableException', 'The record could not be stored; the log says why.')
})
