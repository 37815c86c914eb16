import { Worker } from 'node:worker_threads'
import type { Invocation, InvocationResult, WorkerSettings } from './invocation.ts'

/** A small pool of execution environments; an invocation waits until one is free. */
export type WorkerPool = {
  /** Never rejects: a handler that throws, times out or takes its worker down is a result that is not ok. */
  invoke(invocation: Invocation, transfer?: ArrayBuffer[]): Promise<InvocationResult>
  /** Waits for running invocations, for at most `graceMs`, then ends the workers. */
  close(graceMs?: number): Promise<void>
}

export type WorkerPoolOptions = {
  size: number
  /** Invocations that may wait; one more is refused at once. */
  maxWaiting: number
  /** Module of each function, by function name: an absolute `file:` URL. */
  handlers: Record<string, string>
  /** The whole environment of the handlers: nothing of the user's own gets in. */
  environment: Record<string, string>
  /** Takes what handlers print. */
  log: (text: string) => void
}

/** A worker that cannot even start is tried again after the first pause, then after twice that, up to the longest. */
const firstPauseMs = 100
const longestPauseMs = 10_000

const stopped: InvocationResult = { ok: false, error: 'the runtime is stopping', refused: true }

type Job = { invocation: Invocation; transfer: ArrayBuffer[]; settle: (result: InvocationResult) => void }

export const workerPool = ({
  size,
  maxWaiting,
  handlers,
  environment,
  log,
}: WorkerPoolOptions): WorkerPool => {
  const waiting: Job[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, { settle: (result: InvocationResult) => void; timer: NodeJS.Timeout }>()
  const all = new Set<Worker>()
  /** Those that got as far as running a handler. */
  const proven = new WeakSet<Worker>()
  let pauseMs = firstPauseMs
  let closing = false

  const start = (): void => {
    const worker = new Worker(new URL('./handler.worker.ts', import.meta.url), {
      workerData: { handlers } satisfies WorkerSettings,
      env: environment,
      stdout: true,
      stderr: true,
    })
    all.add(worker)
    worker.stdout.setEncoding('utf8').on('data', log)
    worker.stderr.setEncoding('utf8').on('data', log)
    worker.on('message', (result: InvocationResult) => {
      proven.add(worker)
      pauseMs = firstPauseMs
      finish(worker, result, true)
    })
    worker.on('error', (error) => log(`a handler worker failed: ${error.stack}\n`))
    worker.on('exit', () => {
      all.delete(worker)
      const at = idle.indexOf(worker)
      if (at >= 0) idle.splice(at, 1)
      finish(worker, { ok: false, error: 'the handler worker ended before it answered' }, false)
      replace(worker)
    })
    idle.push(worker)
    dispatch()
  }

  const replace = (ended: Worker): void => {
    if (closing) return
    if (proven.has(ended)) {
      start()
      return
    }
    const again = setTimeout(() => {
      if (!closing) start()
    }, pauseMs)
    again.unref()
    pauseMs = Math.min(longestPauseMs, 2 * pauseMs)
  }

  const finish = (worker: Worker, result: InvocationResult, alive: boolean): void => {
    const job = busy.get(worker)
    busy.delete(worker)
    if (job !== undefined) {
      clearTimeout(job.timer)
      job.settle(result)
    }
    if (alive && job !== undefined) idle.push(worker)
    dispatch()
  }

  const dispatch = (): void => {
    while (idle.length > 0 && waiting.length > 0) {
      const worker = idle.pop() as Worker
      const { invocation, transfer, settle } = waiting.shift() as Job
      const timer = setTimeout(() => timeOut(worker, invocation), invocation.timeoutMs)
      busy.set(worker, { settle, timer })
      worker.postMessage(invocation, transfer)
    }
  }

  /** Lambda ends the environment of an invocation that timed out; a new one takes its place. */
  const timeOut = (worker: Worker, { functionName, timeoutMs }: Invocation): void => {
    const job = busy.get(worker)
    busy.delete(worker)
    proven.add(worker)
    job?.settle({ ok: false, error: `function ${functionName} timed out after ${timeoutMs} ms` })
    worker.terminate()
  }

  for (let count = 0; count < size; count += 1) start()

  return {
    invoke: (invocation, transfer = []) =>
      new Promise((settle) => {
        if (closing) return settle(stopped)
        if (waiting.length >= maxWaiting)
          return settle({ ok: false, error: `${maxWaiting} invocations wait already`, refused: true })
        waiting.push({ invocation, transfer, settle })
        dispatch()
      }),
    close: async (graceMs = Number.POSITIVE_INFINITY) => {
      closing = true
      for (const { settle } of waiting.splice(0)) settle(stopped)
      const endsAt = performance.now() + graceMs
      while (busy.size > 0 && performance.now() < endsAt)
        await new Promise((resume) => setTimeout(resume, 10))
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
