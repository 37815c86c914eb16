import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

it('a thread that gives way goes behind the others, which keep their place', async () => {
  const before = getPriority()
  const module = new URL('../../../infra/local/thread-priority.ts', import.meta.url)
  const worker = new Worker(
    `import { getPriority } from 'node:os'
     import { parentPort } from 'node:worker_threads'
     import { behind, giveWay } from ${JSON.stringify(module.href)}
     giveWay(behind.archive)
     parentPort.postMessage(getPriority())`,
    { eval: true, execArgv: ['--input-type=module'] },
  )
  const [inWorker] = await once(worker, 'message')
  expect(inWorker).toBe(process.platform === 'linux' ? 10 : before)
  expect(getPriority()).toBe(before)
})
