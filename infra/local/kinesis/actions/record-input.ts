import { type Refusal, refusal } from '../../aws/service.ts'
import { maxHashKey } from '../hash-key.ts'
import { maxRecordBytes } from '../validation/fields.ts'

/** One record as PutRecord and PutRecords take it. */
export type RecordInput = { Data: Buffer; PartitionKey: string; ExplicitHashKey?: string }

/** Data and partition key, which is what AWS counts. */
export const recordBytes = ({ Data, PartitionKey }: RecordInput): number =>
  Data.length + Buffer.byteLength(PartitionKey)

/** What the tables of fields cannot say about a record of so many bytes. */
export const refuseRecord = ({ ExplicitHashKey }: RecordInput, bytes: number): Refusal | undefined => {
  if (ExplicitHashKey !== undefined && BigInt(ExplicitHashKey) > maxHashKey)
    return refusal(
      'InvalidArgumentException',
      'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. ' +
        `Specified value was ${ExplicitHashKey}`,
    )
  if (bytes > maxRecordBytes)
    // The rule is AWS's (data and key together at most 1 MiB), the wording ours.
    return refusal(
      'InvalidArgumentException',
      `Data and PartitionKey are ${bytes} bytes together; at most ${maxRecordBytes} are allowed.`,
    )
  return undefined
}
