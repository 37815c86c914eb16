import { readRecordBytes } from '../ingest/envelope.ts'
import type { ArrivedRecord } from './evolve.ts'
import { fromBase64 } from './record-frame.ts'

/** One record as Lambda hands it to a handler. `data` is base64. */
export type KinesisEventRecord = {
  eventID: string
  kinesis: {
    partitionKey?: string
    sequenceNumber: string
    data: string
    /** Seconds, with milliseconds as a fraction. */
    approximateArrivalTimestamp: number
  }
}

/**
 * What Lambda calls an aggregator with (Lambda developer guide, services-kinesis-windows). `@types/aws-lambda` leaves
 * out `shardId` and `eventSourceARN`, hence a type of our own.
 */
export type TumblingWindowEvent = {
  Records: KinesisEventRecord[]
  /** ISO 8601, UTC, whole seconds. */
  window: { start: string; end: string }
  /** `{}` at a window's first invoke; the documentation does not promise that it is always there. */
  state?: Record<string, unknown>
  shardId: string
  eventSourceARN: string
  isFinalInvokeForWindow: boolean
  isWindowTerminatedEarly: boolean
}

/** Without `state` Lambda takes an answer for a failure; Placar never reports a record as failed. */
export type TumblingWindowResponse = { state: Record<string, unknown>; batchItemFailures: [] }

/** A batch's records as the fold takes them. */
export const toArrivedRecords = (records: readonly KinesisEventRecord[]): ArrivedRecord[] =>
  records.map(({ kinesis }) => {
    const { sequenceNumber, partitionKey = '' } = kinesis
    const arrival = Math.round(kinesis.approximateArrivalTimestamp * 1000)
    const data = fromBase64(kinesis.data)
    return { sequenceNumber, arrival, partitionKey, data, body: readRecordBytes(partitionKey, data) }
  })
