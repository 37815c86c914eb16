import { isUtf8 } from 'node:buffer'
import { readRecord } from '../ingest/envelope.ts'
import type { ArrivedRecord } from './evolve.ts'
import { recordPrint } from './record-print.ts'

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

export const toArrivedRecord = ({ kinesis }: KinesisEventRecord): ArrivedRecord => {
  const { sequenceNumber, partitionKey = '' } = kinesis
  const arrival = Math.round(kinesis.approximateArrivalTimestamp * 1000)
  const bytes = Buffer.from(kinesis.data, 'base64')
  const data = bytes.toString('utf8')
  const base64 = isUtf8(bytes) ? undefined : bytes.toString('base64')
  return {
    sequenceNumber,
    arrival,
    print: recordPrint({ sequenceNumber, arrival, partitionKey, base64, data }),
    body: readRecord(partitionKey, data),
  }
}
