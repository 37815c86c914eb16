import { WireTimestamp } from '../../aws/wire-value.ts'
import type { Stream } from '../stream.ts'
import { streamStatus } from './find-stream.ts'

/** What ListStreams says of a stream. */
export const summarizeStream = (stream: Stream, now: number): object => ({
  StreamName: stream.name,
  StreamARN: stream.arn,
  StreamStatus: streamStatus(stream, now),
  StreamModeDetails: { StreamMode: stream.mode },
  StreamCreationTimestamp: new WireTimestamp(stream.createdAt),
})

/** What DescribeStream and DescribeStreamSummary both say of a stream. */
export const describeSettings = (stream: Stream, now: number): object => ({
  ...summarizeStream(stream, now),
  RetentionPeriodHours: stream.retentionHours,
  EnhancedMonitoring: [{ ShardLevelMetrics: stream.metrics }],
  EncryptionType: 'NONE',
})
