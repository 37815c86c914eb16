import type { WindowFields } from './tumbling-window.ts'

/** What goes to a handler worker. Kinesis records travel as raw log frames, so that only the worker decodes them. */
export type Invocation = { functionName: string; timeoutMs: number; payload: JsonPayload | KinesisPayload }

/** `json`: the event as text, parsed by the worker as Lambda's runtime does. */
export type JsonPayload = { kind: 'json'; json: string }

export type KinesisPayload = {
  kind: 'kinesis'
  /** Whole frames of one shard's log; the worker takes the memory over. */
  frames: Uint8Array
  sequencePrefix: string
  shardId: string
  streamArn: string
  /** Absent for a function without tumbling windows. */
  tumbling?: WindowFields
}

/** The handler's answer as JSON text, or what it threw. `refused`: it was not even invoked. */
export type InvocationResult = { ok: true; json: string } | { ok: false; error: string; refused?: true }

export type WorkerSettings = { handlers: Record<string, string> }
