import { frames } from '../kinesis/log/frame.ts'
import { sequenceNumber } from '../kinesis/sequence-number.ts'
import type { Shard } from '../kinesis/shard.ts'
import type { Log } from '../log-file.ts'
import { processedRecords } from './function-answer.ts'
import type { KinesisPayload } from './invocation.ts'
import { stateOf, type WindowFields } from './tumbling-window.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Lambda's limit for a synchronous invocation: what goes in, records and state together, and what comes out. */
export const maxPayloadBytes = 6 * 1024 * 1024

export type BatchFunction = {
  pool: WorkerPool
  functionName: string
  timeoutMs: number
  /** Whether the function may report single records as failed. */
  reportsItemFailures: boolean
  /** Whether the records are needed after the invocation; otherwise their memory goes to the worker. */
  keepsRecords: boolean
  log: Log
}

/**
 * What came of an invocation. *Failed*: the function threw, timed out, answered too much, or without a state where
 * there are windows, or reported records that it did not get. *Refused*: it was not invoked, which is no failure of its
 * own and is not counted as one.
 */
export type Outcome = 'refused' | 'failed' | { processed: number; state: string }

/**
 * Invokes a function with records of a shard. Rejects never, as the pool.
 *
 * @param payload taken over by the worker unless the records are kept
 * @param count records in it
 */
export const invokeWithBatch = async (
  { pool, functionName, timeoutMs, reportsItemFailures, keepsRecords, log }: BatchFunction,
  payload: KinesisPayload,
  count: number,
): Promise<Outcome> => {
  const records = keepsRecords ? new Uint8Array(payload.frames) : payload.frames
  const invocation = { functionName, timeoutMs, payload: { ...payload, frames: records } }
  const result = await pool.invoke(invocation, [records.buffer as ArrayBuffer])
  const failed = (why: string, error?: unknown): 'failed' => {
    log(`${functionName} ${why} for ${payload.shardId}`, error)
    return 'failed'
  }
  if (!result.ok) {
    if (!result.refused) return failed('failed', result.error)
    log(`${functionName} was not invoked for ${payload.shardId}`, result.error)
    return 'refused'
  }
  if (Buffer.byteLength(result.json) > maxPayloadBytes) return failed('answered more than 6 MB')
  const answer: unknown = JSON.parse(result.json)
  const state = payload.tumbling === undefined ? '' : stateOf(answer)
  if (state === undefined) return failed('answered without a state, which Lambda takes for a failure,')
  if (!reportsItemFailures) return { processed: count, state }
  const processed = processedRecords(answer, count, () => sequenceNumbersOf(payload))
  return processed === undefined ? failed('reported records that it did not get') : { processed, state }
}

export const payloadOf = (
  shard: Shard,
  streamArn: string,
  bytes: Buffer,
  tumbling: WindowFields | undefined,
): KinesisPayload => ({
  kind: 'kinesis',
  frames: bytes,
  sequencePrefix: shard.prefix,
  shardId: shard.id,
  streamArn,
  ...(tumbling && { tumbling }),
})

const sequenceNumbersOf = ({ frames: bytes, sequencePrefix }: KinesisPayload): string[] =>
  [...frames(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))].map(({ boot, ordinal }) =>
    sequenceNumber(sequencePrefix, boot, ordinal),
  )
