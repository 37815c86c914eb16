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
  /** Epoch ms. */
  window: { start: number; end: number }
  /** The window's state as JSON text. */
  state: string
  isFinalInvokeForWindow: boolean
  isWindowTerminatedEarly: boolean
}

/** The handler's answer as JSON text, or what it threw. */
export type InvocationResult = { ok: true; json: string } | { ok: false; error: string }

export type WorkerSettings = { handlers: Record<string, string> }
