import { functionArn } from './handler-modules.ts'
import type { KinesisPayload } from './invocation.ts'
import { kinesisEvent } from './kinesis-event.ts'
import type { TriedBatch } from './retry-policy.ts'

/**
 * What an on-failure destination in S3 gets of a batch that was discarded (Lambda developer guide,
 * kinesis-on-failure-destination). AWS's text names no condition but the first; the second is LocalStack's.
 */
export type FailureRecord = {
  requestContext: {
    requestId: string
    functionArn: string
    condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded'
    approximateInvokeCount: number
  }
  /** Absent when the function was never invoked with these records (AWS does not say what it sends then). */
  responseContext?: {
    statusCode: 200
    executedVersion: '$LATEST'
    /** Absent when the function answered, and reported records as failed. */
    functionError?: 'Unhandled'
  }
  version: '1.0'
  /** ISO 8601, like the arrivals. */
  timestamp: string
  KinesisBatchInfo: {
    shardId: string
    startSequenceNumber: string
    endSequenceNumber: string
    approximateArrivalOfFirstRecord: string
    approximateArrivalOfLastRecord: string
    batchSize: number
    streamArn: string
  }
  /** The whole event as JSON text; SQS and SNS would get none. With window and state, which AWS does not say. */
  payload: string
}

/** Takes the record of a discarded batch. The shard goes on when it settles; when it rejects, the batch is tried again. */
export type FailureDestination = (record: FailureRecord) => Promise<void>

export type Discarded = {
  functionName: string
  requestId: string
  condition: FailureRecord['requestContext']['condition']
  batch: TriedBatch
  nowMs: number
  /** The batch's records, one or more. */
  payload: KinesisPayload
}

export const failureRecord = (discarded: Discarded): FailureRecord => {
  const { batch, payload } = discarded
  const event = kinesisEvent(payload)
  const [first, last] = [event.Records.at(0)?.kinesis, event.Records.at(-1)?.kinesis]
  if (first === undefined || last === undefined) throw new Error('a discarded batch has no records')
  const arrivalOf = (record: typeof first): string =>
    new Date(Math.round(record.approximateArrivalTimestamp * 1000)).toISOString()
  return {
    requestContext: {
      requestId: discarded.requestId,
      functionArn: functionArn(discarded.functionName),
      condition: discarded.condition,
      approximateInvokeCount: batch.invocations,
    },
    ...(batch.failure && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(batch.failure === 'error' && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: new Date(discarded.nowMs).toISOString(),
    KinesisBatchInfo: {
      shardId: payload.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: arrivalOf(first),
      approximateArrivalOfLastRecord: arrivalOf(last),
      batchSize: event.Records.length,
      streamArn: payload.streamArn,
    },
    payload: JSON.stringify(event),
  }
}
