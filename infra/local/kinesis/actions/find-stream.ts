import { isRefusal, type Refusal, refusal } from '../../aws/service.ts'
import { accountId, type Stream } from '../stream.ts'
import type { KinesisContext } from './context.ts'

/** AWS takes a stream by its name, its ARN, or both. */
export type StreamChoice = { StreamName?: string; StreamARN?: string }

/** The stream an input names, in whatever state it is. */
export const findStream = ({ engine }: KinesisContext, choice: StreamChoice): Stream | Refusal => {
  const { StreamName, StreamARN } = choice
  const [account, name] = StreamARN === undefined ? [accountId, StreamName] : parseArn(StreamARN)
  // The wording of the next two refusals is ours: AWS does not document its own.
  if (name === undefined)
    return refusal('InvalidArgumentException', 'Either StreamName or StreamARN must be provided.')
  if (StreamName !== undefined && StreamName !== name)
    return refusal(
      'InvalidArgumentException',
      `StreamName ${StreamName} is not the stream of StreamARN ${StreamARN}.`,
    )
  const stream = engine.stream(name)
  if (stream === undefined || (StreamARN !== undefined && StreamARN !== stream.arn))
    return streamNotFound(name, account)
  return stream
}

/** The stream an input names, if records can be put into it and read from it: while CREATING it counts as missing. */
export const findReadyStream = (context: KinesisContext, choice: StreamChoice): Stream | Refusal => {
  const stream = findStream(context, choice)
  if (isRefusal(stream)) return stream
  return streamStatus(stream, context.now()) === 'CREATING' ? streamNotFound(stream.name) : stream
}

export const streamNotFound = (name: string, account: string = accountId): Refusal =>
  refusal('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`)

export const streamStatus = ({ change }: Stream, now: number): 'CREATING' | 'UPDATING' | 'ACTIVE' =>
  now < change.endsAt ? change.status : 'ACTIVE'

const parseArn = (arn: string): [account: string, name: string] => {
  const [, , , , account = '', resource = ''] = arn.split(':')
  return [account, resource.slice('stream/'.length)]
}
