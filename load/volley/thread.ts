import { parentPort, workerData } from 'node:worker_threads'
import { counters } from './counters.ts'
import { type Share, sendShare } from './share.ts'

/** A worker thread of a volley: says `ready`, is told when to start, answers with the outcome of its share. */
const { share, memory } = workerData as { share: Share; memory: SharedArrayBuffer }
const port = parentPort
if (port === null) throw new Error('This file is a worker thread of load/volley/play.ts.')

const start = (): Promise<number> =>
  new Promise((resolve) => {
    port.once('message', resolve)
    port.postMessage({ ready: true })
  })
const now = (): number => performance.timeOrigin + performance.now()

port.postMessage({ outcome: await sendShare(share, counters(memory, share.thread), start, now) })
