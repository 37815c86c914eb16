import { expect, onTestFinished, test, vi } from 'vitest'
import { interruptible, unlessAborted } from '../../../infra/cli/interruption.ts'

test('Ctrl-C ends work that would go on for ever, told twice or not, and leaves no listener behind', async () => {
  const before = process.listenerCount('SIGINT')
  const work = interruptible((signal) => {
    process.emit('SIGINT')
    process.emit('SIGINT')
    return unlessAborted(signal, new Promise(() => {}))
  })
  await expect(work).rejects.toThrow('Interrupted')
  expect(process.listenerCount('SIGINT')).toBe(before)
})

test('work that is stuck is ended by a Ctrl-C that comes later than npm hands on the first: nobody listens to it', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const before = ['SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name))
  const stuck = Promise.withResolvers<void>()
  const work = interruptible(() => stuck.promise)
  process.emit('SIGINT')
  vi.advanceTimersByTime(900)
  process.emit('SIGINT')
  expect(process.listenerCount('SIGINT')).toBe((before[0] ?? 0) + 1)
  vi.advanceTimersByTime(100)
  expect(['SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name))).toEqual(before)
  stuck.resolve()
  await work
})

test('work that is not interrupted ends as it would, and so does what fails', async () => {
  expect(await interruptible(async (signal) => unlessAborted(signal, Promise.resolve(7)))).toBe(7)
  const fails = interruptible((signal) => unlessAborted(signal, Promise.reject(new Error('no disk'))))
  await expect(fails).rejects.toThrow('no disk')
})
