import { cbor } from '../../aws/cbor-encoding.ts'
import { json } from '../../aws/json-encoding.ts'
import { type Action, rpcService } from '../../aws/rpc-service.ts'
import type { Service } from '../../aws/service.ts'
import type { Kinesis } from '../kinesis.ts'
import { turns } from '../turns.ts'
import { addTagsToStream } from './add-tags-to-stream.ts'
import type { KinesisContext } from './context.ts'
import { createStream } from './create-stream.ts'
import { decreaseStreamRetentionPeriod } from './decrease-stream-retention-period.ts'
import { deleteStream } from './delete-stream.ts'
import { describeLimits } from './describe-limits.ts'
import { describeStream } from './describe-stream.ts'
import { describeStreamSummary } from './describe-stream-summary.ts'
import { disableEnhancedMonitoring } from './disable-enhanced-monitoring.ts'
import { enableEnhancedMonitoring } from './enable-enhanced-monitoring.ts'
import { getRecords } from './get-records.ts'
import { getShardIterator } from './get-shard-iterator.ts'
import { increaseStreamRetentionPeriod } from './increase-stream-retention-period.ts'
import { listShards } from './list-shards.ts'
import { listStreams } from './list-streams.ts'
import { listTagsForStream } from './list-tags-for-stream.ts'
import { mergeShards } from './merge-shards.ts'
import { putRecord } from './put-record.ts'
import { putRecords } from './put-records.ts'
import { removeTagsFromStream } from './remove-tags-from-stream.ts'
import { splitShard } from './split-shard.ts'
import { tokens } from './token.ts'
import { updateShardCount } from './update-shard-count.ts'
import { updateStreamMode } from './update-stream-mode.ts'

const actions: ReadonlyMap<string, Action<KinesisContext>> = new Map([
  ['AddTagsToStream', addTagsToStream],
  ['CreateStream', createStream],
  ['DecreaseStreamRetentionPeriod', decreaseStreamRetentionPeriod],
  ['DeleteStream', deleteStream],
  ['DescribeLimits', describeLimits],
  ['DescribeStream', describeStream],
  ['DescribeStreamSummary', describeStreamSummary],
  ['DisableEnhancedMonitoring', disableEnhancedMonitoring],
  ['EnableEnhancedMonitoring', enableEnhancedMonitoring],
  ['GetRecords', getRecords],
  ['GetShardIterator', getShardIterator],
  ['IncreaseStreamRetentionPeriod', increaseStreamRetentionPeriod],
  ['ListShards', listShards],
  ['ListStreams', listStreams],
  ['ListTagsForStream', listTagsForStream],
  ['MergeShards', mergeShards],
  ['PutRecord', putRecord],
  ['PutRecords', putRecords],
  ['RemoveTagsFromStream', removeTagsFromStream],
  ['SplitShard', splitShard],
  ['UpdateShardCount', updateShardCount],
  ['UpdateStreamMode', updateStreamMode],
])

export type KinesisServiceOptions = {
  engine: Kinesis
  /** Epoch ms; the same clock as the engine's. */
  now(): number
  /** Told of records that could not be stored. */
  log(message: string, error: unknown): void
}

/** Kinesis Data Streams behind the endpoint, on the embedded engine. */
export const kinesisService = ({ engine, now, log }: KinesisServiceOptions): Service =>
  rpcService({
    prefix: 'Kinesis_20131202',
    encodings: [json, cbor],
    context: { engine, now, log, tokens: tokens(now), inTurn: turns() },
    actions,
  })
