import { parentPort, workerData } from 'node:worker_threads'
import { behind, giveWay } from '../thread-priority.ts'
import { handlerModules } from './handler-modules.ts'
import type { Invocation, InvocationResult, WorkerSettings } from './invocation.ts'
import { kinesisEvent } from './kinesis-event.ts'

/**
 * One Lambda execution environment: it loads handlers unmodified and runs one invocation at a time. What they print
 * goes to this worker's stdout, which the pool writes to a log file.
 */
const { handlers } = workerData as WorkerSettings

// The same variables as a plain object: Powertools looks at some for every record, and Node's own `process.env` asks
// the runtime each time, which took some 8 % of a worker's time in a profile.
process.env = { ...process.env }

const runHandler = handlerModules(handlers)
giveWay(behind.handlers)

const run = async ({ functionName, timeoutMs, payload }: Invocation): Promise<InvocationResult> => {
  try {
    const event = payload.kind === 'kinesis' ? kinesisEvent(payload) : JSON.parse(payload.json)
    return { ok: true, json: JSON.stringify(await runHandler(functionName, event, timeoutMs)) ?? 'null' }
  } catch (error) {
    return { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', async (invocation: Invocation) => {
  parentPort?.postMessage(await run(invocation))
})
