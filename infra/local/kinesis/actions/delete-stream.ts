import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import { streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'

const input = {
  // There are no registered consumers here that could stand in the way.
  EnforceConsumerDeletion: { type: 'boolean' },
  StreamName: streamName,
  StreamARN: streamArn,
} as const

/** Deletes a stream with all it holds. It is gone with the answer; on AWS it is DELETING for a while. */
export const deleteStream = action(input, (context: KinesisContext, choice) =>
  context.inTurn(async () => {
    const stream = findStream(context, choice)
    if (isRefusal(stream)) return stream
    await context.engine.deleteStream(stream.name)
    return undefined
  }),
)
