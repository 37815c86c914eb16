import { isAscii } from 'node:buffer'
import { readRecord } from '../ingest/envelope.ts'
import type { ArrivedRecord } from './evolve.ts'
import { type Frame, framesOf, type RawRecord } from './record-frame.ts'

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
export const toArrivedRecords = (records: readonly KinesisEventRecord[]): ArrivedRecord[] => {
  const raw = records.map(toRaw)
  const frames = framesOf(raw)
  const textIn = textReader(frames)
  return frames.map((frame, at) => {
    const { sequenceNumber, arrival, partitionKey } = raw[at] as RawRecord
    return { sequenceNumber, arrival, frame, body: readRecord(partitionKey, textIn(frame)) }
  })
}

const toRaw = ({ kinesis }: KinesisEventRecord): RawRecord => ({
  sequenceNumber: kinesis.sequenceNumber,
  arrival: Math.round(kinesis.approximateArrivalTimestamp * 1000),
  partitionKey: kinesis.partitionKey ?? '',
  data: kinesis.data,
})

/** Reads the data of frames that share a buffer, as UTF-8. Where all of it is ASCII, one text is made, and cut: it takes half as long. */
const textReader = (frames: readonly Frame[]): ((frame: Frame) => string) => {
  const [first] = frames
  if (first === undefined) return () => ''
  const { bytes } = first
  const end = frames.at(-1)?.to
  if (!isAscii(bytes.subarray(0, end))) return ({ dataFrom, to }) => bytes.toString('utf8', dataFrom, to)
  const text = bytes.toString('latin1', 0, end)
  return ({ dataFrom, to }) => text.slice(dataFrom, to)
}
