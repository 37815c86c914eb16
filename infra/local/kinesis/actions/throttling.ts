import type { Refusal } from '../../aws/service.ts'
import { accountId } from '../stream.ts'

/** A put that came while its shard was over its rate. */
export const rateExceeded = (
  streamName: string,
  shardId: string,
): Required<Pick<Refusal, '__type' | 'message'>> => ({
  __type: 'ProvisionedThroughputExceededException',
  message: `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`,
})
