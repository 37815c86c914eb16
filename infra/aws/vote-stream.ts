import { Duration } from 'aws-cdk-lib'
import { CfnStream, ShardLevelMetrics, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis'
import { Construct } from 'constructs'
import { keepUnless } from './removal.ts'
import type { Settings } from './settings.ts'

/** What nobody has read for this long is lost; it is also how far back an audit can look into the stream itself. */
export const retentionDays = 7

/** What `/stats` and the shard advisor ask of each shard. */
const shardMetricsAsked = [
  ShardLevelMetrics.INCOMING_BYTES,
  ShardLevelMetrics.INCOMING_RECORDS,
  ShardLevelMetrics.WRITE_PROVISIONED_THROUGHPUT_EXCEEDED,
  ShardLevelMetrics.ITERATOR_AGE_MILLISECONDS,
]

/** The stream of votes: where a vote is durable before its voter gets an answer. */
export class VoteStream extends Construct {
  readonly stream: Stream
  /** Whether each shard has metrics of its own. */
  readonly shardMetrics: boolean

  constructor(scope: Construct, id: string, { streamMode, shards, shardMetrics, removeVotes }: Settings) {
    super(scope, id)
    this.shardMetrics = shardMetrics
    const isProvisioned = streamMode === 'provisioned'
    this.stream = new Stream(this, 'Stream', {
      streamMode: isProvisioned ? StreamMode.PROVISIONED : StreamMode.ON_DEMAND,
      ...(isProvisioned ? { shardCount: shards } : {}),
      retentionPeriod: Duration.days(retentionDays),
      // The alias alias/aws/kinesis: AWS's own key, without a cost for each vote.
      encryption: StreamEncryption.MANAGED,
      ...(shardMetrics ? { shardLevelMetrics: shardMetricsAsked } : {}),
      removalPolicy: keepUnless(removeVotes),
    })
    // A marker goes into every shard by its hash key, and a key tells a marker from a vote: AWS must not choose them.
    if (!isProvisioned && this.stream.node.defaultChild instanceof CfnStream)
      this.stream.node.defaultChild.recordDistributionStrategy = 'USER_PARTITION_KEY'
  }
}
