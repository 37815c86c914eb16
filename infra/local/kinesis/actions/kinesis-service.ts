import { type Action, jsonService } from '../../aws/json-service.ts'
import type { Service } from '../../aws/service.ts'
import type { Kinesis } from '../kinesis.ts'
import { turns } from '../turns.ts'
import type { KinesisContext } from './context.ts'
import { createStream } from './create-stream.ts'
import { deleteStream } from './delete-stream.ts'
import { describeStream } from './describe-stream.ts'
import { describeStreamSummary } from './describe-stream-summary.ts'
import { getRecords } from './get-records.ts'
import { getShardIterator } from './get-shard-iterator.ts'
import { listShards } from './list-shards.ts'
import { listStreams } from './list-streams.ts'
import { mergeShards } from './merge-shards.ts'
import { putRecord } from './put-record.ts'
import { putRecords } from './put-records.ts'
import { splitShard } from './split-shard.ts'
import { tokens } from './token.ts'

const actions: ReadonlyMap<string, Action<KinesisContext>> = new Map([
  ['CreateStream', createStream],
  ['DeleteStream', deleteStream],
  ['DescribeStream', describeStream],
  ['DescribeStreamSummary', describeStreamSummary],
  ['GetRecords', getRecords],
  ['GetShardIterator', getShardIterator],
  ['ListShards', listShards],
  ['ListStreams', listStreams],
  ['MergeShards', mergeShards],
  ['PutRecord', putRecord],
  ['PutRecords', putRecords],
  ['SplitShard', splitShard],
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
  jsonService('Kinesis_20131202', { engine, now, log, tokens: tokens(now), inTurn: turns() }, actions)
