import { Worker } from 'node:worker_threads'
import type { DeliveryJob, DeliveryResult, DeliveryWorkerSettings } from './delivery-job.ts'

/** The one thread that delivers for all delivery streams; started when it is needed, and again after it ended. */
export type DeliveryWorker = {
  /** Takes over the memory of the frames. Never rejects; a job that takes over its time-out ends the thread. */
  deliver(job: DeliveryJob): Promise<DeliveryResult>
  /** Ends the thread; what it was doing is not delivered. */
  close(): Promise<void>
}

export type DeliveryWorkerOptions = {
  /** Module of each function, by function name: an absolute `file:` URL. */
  handlers: Record<string, string>
  /** The whole environment of the functions: nothing of the user's own gets in. */
  environment: Record<string, string>
  /** Takes what they print. */
  handlerLog: (text: string) => void
}

type Waiting = { settle: (result: DeliveryResult) => void; timer: NodeJS.Timeout }

export const deliveryWorker = ({
  handlers,
  environment,
  handlerLog,
}: DeliveryWorkerOptions): DeliveryWorker => {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let jobs = 0
  let closed = false

  const settle = (id: number, result: DeliveryResult): void => {
    const job = waiting.get(id)
    waiting.delete(id)
    clearTimeout(job?.timer)
    job?.settle(result)
  }

  const start = (): Worker => {
    const started = new Worker(new URL('./delivery.worker.ts', import.meta.url), {
      workerData: { handlers } satisfies DeliveryWorkerSettings,
      env: environment,
      stdout: true,
      stderr: true,
    })
    started.stdout.setEncoding('utf8').on('data', handlerLog)
    started.stderr.setEncoding('utf8').on('data', handlerLog)
    started.on('message', ({ id, result }: { id: number; result: DeliveryResult }) => settle(id, result))
    started.on('error', (error) => handlerLog(`the delivery worker failed: ${error.stack}\n`))
    started.on('exit', () => end(started, 'the delivery worker ended before it was done'))
    return started
  }

  const end = (ended: Worker, error: string): void => {
    if (worker !== ended) return
    worker = undefined
    for (const id of [...waiting.keys()]) settle(id, { ok: false, error })
  }

  return {
    deliver: (job) =>
      new Promise((resolve) => {
        if (closed) return resolve({ ok: false, error: 'Firehose is stopping' })
        worker ??= start()
        const used = worker
        const id = jobs++
        const timeOut = (): void => {
          end(used, `a delivery took over ${job.timeoutMs} ms`)
          void used.terminate()
        }
        waiting.set(id, { settle: resolve, timer: setTimeout(timeOut, job.timeoutMs) })
        used.postMessage({ id, job }, [
          ...new Set(job.pieces.map(({ frames }) => frames.buffer as ArrayBuffer)),
        ])
      }),
    close: async () => {
      closed = true
      const used = worker
      if (used === undefined) return
      end(used, 'Firehose is stopping')
      await used.terminate()
    },
  }
}
