import { type Refusal, refusal } from '../../aws/service.ts'
import { accountId, type Stream } from '../stream.ts'
import { streamStatus } from './find-stream.ts'

/**
 * The refusal of a change to a stream that is not ACTIVE. The type is documented for every action that changes one;
 * the words were observed on AWS by others.
 */
export const refuseUnlessActive = (stream: Stream, now: number): Refusal | undefined => {
  const status = streamStatus(stream, now)
  if (status === 'ACTIVE') return undefined
  return refusal(
    'ResourceInUseException',
    `Stream ${stream.name} under account ${accountId} not ACTIVE, instead in state ${status}`,
  )
}

/** The refusal of what only provisioned streams take. The type is documented, the words are ours. */
export const refuseOnDemand = ({ name, mode }: Stream, change: string): Refusal | undefined =>
  mode === 'ON_DEMAND'
    ? refusal(
        'ValidationException',
        `Stream ${name} under account ${accountId} has the stream mode ON_DEMAND; only shards of streams with the ` +
          `stream mode PROVISIONED can be ${change}.`,
      )
    : undefined
