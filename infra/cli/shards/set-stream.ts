import { DescribeStreamSummaryCommand, KinesisClient, UpdateShardCountCommand } from '@aws-sdk/client-kinesis'
import { isOpen, listShards } from '../../../ingest/shards.store.ts'
import type { KeyRange } from '../../../load/shards/coverage.ts'
import type { Instance } from '../instance.ts'

/** What planning and setting shards need of a stream. */
export type ShardedStream = {
  describe(): Promise<StreamSummary>
  /** Begins one step; its end is when `describe` says ACTIVE again. */
  scaleTo(shards: number): Promise<void>
  openRanges(): Promise<KeyRange[]>
  close(): void
}

export type StreamSummary = { shards: number; status: string; onDemand: boolean }

/** The instance's own stream. Errors are the SDK's. */
export const shardedStream = ({ client, streamName }: Instance): ShardedStream => {
  const kinesis = new KinesisClient({
    ...client,
    maxAttempts: 2,
    requestHandler: { requestTimeout: 10_000 },
  })
  const named = { StreamName: streamName }
  return {
    describe: async () => {
      const { StreamDescriptionSummary: stream } = await kinesis.send(new DescribeStreamSummaryCommand(named))
      return {
        shards: stream?.OpenShardCount ?? 0,
        status: stream?.StreamStatus ?? 'UNKNOWN',
        onDemand: stream?.StreamModeDetails?.StreamMode === 'ON_DEMAND',
      }
    },
    scaleTo: async (shards) => {
      const wanted = { ...named, TargetShardCount: shards, ScalingType: 'UNIFORM_SCALING' } as const
      await kinesis.send(new UpdateShardCountCommand(wanted))
    },
    openRanges: async () =>
      (await listShards(kinesis, streamName))
        .filter(isOpen)
        .map(({ ShardId = '', HashKeyRange: { StartingHashKey = '', EndingHashKey = '' } = {} }) => ({
          shardId: ShardId,
          start: BigInt(StartingHashKey),
          end: BigInt(EndingHashKey),
        })),
    close: () => kinesis.destroy(),
  }
}
