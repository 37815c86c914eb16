import type { KinesisOperation } from '../../../load/bench/kinesis.ts'
import type { RecordTally } from '../../../load/bench/kinesis-record.ts'

/** A client's name, which the keys of its records begin with, and whether it signs its requests. */
export type ClientSettings = { name: string; signed: boolean }

/** Make requests of one kind until `seconds` are over or `atMost` are answered, `inFlight` at a time. */
export type PressOrder = {
  kind: 'press'
  operation: KinesisOperation
  endpoint: string
  stream: string
  /** The stream's; GetRecords reads the first one. */
  shards: readonly string[]
  recordsPerRequest: number
  inFlight: number
  seconds: number
  atMost: number
}

/** Read whole shards back. */
export type ReadOrder = { kind: 'read'; endpoint: string; stream: string; shards: readonly string[] }

export type ClientOrder = PressOrder | ReadOrder

/** What came of an order; the tally is of the records stored, or read back. */
export type ClientAnswer = { requests: number; records: number; tookMs: number; tally: RecordTally }
