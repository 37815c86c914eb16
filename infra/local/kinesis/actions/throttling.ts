import { type Refusal, refusal } from '../../aws/service.ts'
import { accountId } from '../stream.ts'

/** A put that came while its shard was over its rate. */
export const rateExceeded = (streamName: string, shardId: string): Refusal & { message: string } =>
  refusal(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`,
  )
