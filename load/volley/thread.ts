import { parentPort } from 'node:worker_threads'
import { counters } from './counters.ts'
import { type Share, sendShare } from './share.ts'

/** What a thread is told to send, and where it counts that. */
export type Task = { share: Share; memory: SharedArrayBuffer }

/**
 * A worker thread of a volley: is given a share, says `ready`, is told when to start, answers with the outcome; then the
 * same with the next one, until it is ended.
 */
const port = parentPort
if (port === null) throw new Error('This file is a worker thread of load/volley/play.ts.')

const told = <T>(): Promise<T> => new Promise((resolve) => port.once('message', resolve))
const start = (): Promise<number> => {
  const startAt = told<number>()
  port.postMessage({ ready: true })
  return startAt
}
const now = (): number => performance.timeOrigin + performance.now()

for (;;) {
  const { share, memory } = await told<Task>()
  port.postMessage({ outcome: await sendShare(share, counters(memory, share.thread), start, now) })
}
