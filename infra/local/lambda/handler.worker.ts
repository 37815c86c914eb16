import { randomUUID } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { accountId, region } from '../kinesis/stream.ts'
import type { Invocation, InvocationResult, WorkerSettings } from './invocation.ts'
import { kinesisEvent } from './kinesis-event.ts'

/**
 * One Lambda execution environment: it loads handlers unmodified and runs one invocation at a time. What they print
 * goes to this worker's stdout, which the pool writes to a log file.
 */
type Handler = (event: unknown, context: object) => Promise<unknown>

const { handlers } = workerData as WorkerSettings

// The same variables as a plain object: Powertools looks at some for every record, and Node's own `process.env` asks
// the runtime each time, which took some 8 % of a worker's time in a profile.
process.env = { ...process.env }

const loaded = new Map<string, Promise<Handler>>()

const load = (functionName: string): Promise<Handler> => {
  const path = handlers[functionName]
  if (path === undefined) throw new Error(`no handler is configured for function ${functionName}`)
  const kept = loaded.get(functionName) ?? import(path).then((module: { handler: Handler }) => module.handler)
  loaded.set(functionName, kept)
  return kept
}

const run = async ({ functionName, timeoutMs, payload }: Invocation): Promise<InvocationResult> => {
  const deadline = Date.now() + timeoutMs
  try {
    const handler = await load(functionName)
    const event = payload.kind === 'kinesis' ? kinesisEvent(payload) : JSON.parse(payload.json)
    const context = {
      awsRequestId: randomUUID(),
      functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    }
    return { ok: true, json: JSON.stringify(await handler(event, context)) ?? 'null' }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', async (invocation: Invocation) => {
  parentPort?.postMessage(await run(invocation))
})
