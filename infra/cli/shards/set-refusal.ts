import { LoadError } from '../../../load/load-error.ts'
import { stepsADay } from '../../../load/shards/steps.ts'
import { explainUnreachable, type Instance, InstanceError } from '../instance.ts'
import type { StreamSummary } from './set-stream.ts'

/** Says in one line why AWS does not take a step, or why the stream cannot be reached; any other error as it is. */
export const explainRefusal = (error: unknown, instance: Instance): unknown => {
  const { name, message } = error as Error
  const { streamName } = instance
  const refused = (why: string): InstanceError =>
    new InstanceError(`${why} AWS says: ${message}`, { cause: error })
  if (name === 'ResourceNotFoundException') return refused(`There is no stream ${streamName} here.`)
  if (name === 'ResourceInUseException')
    return refused(`Somebody else is changing ${streamName}; run this again once that is done.`)
  if (name === 'LimitExceededException')
    return accountFull.test(message)
      ? refused('The account has no shards left in this Region: raise the quota, or free some.')
      : refused(
          `${streamName} cannot take this step now: a stream takes ${stepsADay} in any 24 hours, each at most to the double or the half.`,
        )
  return explainSilence(error, instance)
}

/** Throws `LoadError` for a stream that is still being made, or has no shards for any other reason. */
export const expectShards = (
  { status, shards }: Pick<StreamSummary, 'status' | 'shards'>,
  streamName: string,
): void => {
  if (status === 'CREATING' || shards < 1)
    throw new LoadError(
      `${streamName} is ${status}, without shards to look at; run this again once it is ACTIVE.`,
    )
}

/** The SDK's Kinesis client speaks HTTP/2, in whose errors those of the connection are wrapped. */
const explainSilence = (error: unknown, instance: Instance): unknown => {
  const { code = '', message, cause } = error as NodeJS.ErrnoException
  if (!code.startsWith('ERR_HTTP2_')) return explainUnreachable(error, instance)
  if (cause !== undefined) return explainUnreachable(cause, instance)
  return new InstanceError(
    `${instance.awsEndpoint ?? 'AWS'} does not answer as Kinesis does (${message}). --endpoint-url must be the AWS endpoint (on a laptop http://127.0.0.1:4566).`,
  )
}

/** AWS's words for it as others have seen them; the other limits have none that are known. */
const accountFull = /shard (limit|quota) for the account/i
