import { action } from '../../aws/rpc-service.ts'
import { isRefusal, refusal } from '../../aws/service.ts'
import type { FirehoseContext } from './context.ts'
import { deliveryStreamName, recordMembers } from './fields.ts'
import { putAll } from './put-all.ts'

const maxRequestBytes = 4 * 1024 * 1024

const input = {
  DeliveryStreamName: deliveryStreamName,
  Records: {
    type: 'list',
    required: true,
    minLength: 1,
    maxLength: 500,
    member: { type: 'structure', members: recordMembers },
  },
} as const

/** Puts up to 500 records, each for itself. Answered, in the order of the request, when they are durable. */
export const putRecordBatch = action(input, async (context: FirehoseContext, wanted) => {
  const records = wanted.Records.map(({ Data }) => Data)
  // The rule is AWS's, the wording ours.
  if (records.reduce((sum, { length }) => sum + length, 0) > maxRequestBytes)
    return refusal('InvalidArgumentException', 'Records are over the limit of 4 MB together.')
  const entries = await putAll(context, wanted.DeliveryStreamName, records)
  if (isRefusal(entries)) return entries
  return {
    FailedPutCount: entries.filter((entry) => 'ErrorCode' in entry).length,
    Encrypted: false,
    RequestResponses: entries,
  }
})
