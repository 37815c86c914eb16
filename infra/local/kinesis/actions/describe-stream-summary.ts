import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import { maxRecordBytes, streamArn, streamName } from '../validation/fields.ts'
import type { KinesisContext } from './context.ts'
import { findStream } from './find-stream.ts'
import { openShardCount } from './shard-quota.ts'
import { describeSettings } from './stream-description.ts'

const input = { StreamName: streamName, StreamARN: streamArn } as const

/** A stream without its shards. */
export const describeStreamSummary = action(input, (context: KinesisContext, choice) => {
  const stream = findStream(context, choice)
  if (isRefusal(stream)) return stream
  return {
    StreamDescriptionSummary: {
      ...describeSettings(stream, context.now()),
      OpenShardCount: openShardCount([stream]),
      ConsumerCount: 0,
      MaxRecordSizeInKiB: maxRecordBytes / 1024,
    },
  }
})
