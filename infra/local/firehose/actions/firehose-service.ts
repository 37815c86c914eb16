import { json } from '../../aws/json-encoding.ts'
import { type Action, rpcService } from '../../aws/rpc-service.ts'
import type { Service } from '../../aws/service.ts'
import { turns } from '../../kinesis/turns.ts'
import type { Firehose } from '../firehose.ts'
import type { FirehoseContext } from './context.ts'
import { createDeliveryStream } from './create-delivery-stream.ts'
import { deleteDeliveryStream } from './delete-delivery-stream.ts'
import { describeDeliveryStream } from './describe-delivery-stream.ts'
import { listDeliveryStreams } from './list-delivery-streams.ts'
import { putRecord } from './put-record.ts'
import { putRecordBatch } from './put-record-batch.ts'

const actions: ReadonlyMap<string, Action<FirehoseContext>> = new Map([
  ['CreateDeliveryStream', createDeliveryStream],
  ['DeleteDeliveryStream', deleteDeliveryStream],
  ['DescribeDeliveryStream', describeDeliveryStream],
  ['ListDeliveryStreams', listDeliveryStreams],
  ['PutRecord', putRecord],
  ['PutRecordBatch', putRecordBatch],
])

export type FirehoseServiceOptions = {
  engine: Firehose
  /** Told of records that could not be stored. */
  log(message: string, error: unknown): void
}

/** Firehose behind the endpoint, on the embedded engine. */
export const firehoseService = ({ engine, log }: FirehoseServiceOptions): Service =>
  rpcService({
    prefix: 'Firehose_20150804',
    encodings: [json],
    context: { engine, log, inTurn: turns() },
    actions,
  })
