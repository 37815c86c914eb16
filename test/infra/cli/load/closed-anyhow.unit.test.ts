import { expect, test } from 'vitest'
import { closedAnyhow } from '../../../../infra/cli/load/closed-anyhow.ts'
import type { Ground } from '../../../../infra/cli/load/ground.ts'
import { emptyTally } from '../../../../load/tally.ts'

const ground = (close: Ground['close']): Ground => ({
  url: 'http://here',
  poll: 'load-1',
  options: [],
  close,
})

/** What is said, and how often the poll was closed. */
const watched = (closing: () => Promise<void> = async () => {}) => {
  const said: string[] = []
  let closed = 0
  const close = async () => {
    closed += 1
    await closing()
    return emptyTally()
  }
  const run = (work: (own: Ground) => Promise<unknown>) =>
    closedAnyhow(ground(close), (text) => said.push(text), work)
  return { said, closed: () => closed, run }
}
const fails = async () => {
  throw new Error('the volley')
}

test('a run that fails before it closes its poll has it closed, and fails for its own reason', async () => {
  const { run, said, closed } = watched()
  await expect(run(fails)).rejects.toThrow('the volley')
  expect(closed()).toBe(1)
  expect(said).toEqual(['Closing load-1.\n'])
})

test('a run that fails while it closes its poll waits for that, and does not close it again', async () => {
  const isFinal = Promise.withResolvers<void>()
  const { run, closed } = watched(() => isFinal.promise)
  let settled = false
  const running = run(async ({ close }) => {
    void close?.()
    throw new Error('the count')
  }).finally(() => {
    settled = true
  })
  running.catch(() => {})
  await new Promise(setImmediate)
  expect(settled).toBe(false)
  isFinal.resolve()
  await expect(running).rejects.toThrow('the count')
  expect(closed()).toBe(1)
})

test('that a poll could not be closed is said in a line, and hides no failure', async () => {
  const { run, said } = watched(() => Promise.reject(new Error('1 of 4 shards')))
  await expect(run(fails)).rejects.toThrow('the volley')
  expect(said).toEqual(['Closing load-1.\n', 'load-1 could not be closed: 1 of 4 shards\n'])
})

test('a run that ends well closes its poll itself, or leaves it', async () => {
  const { run, closed } = watched()
  expect(await run(async () => 7)).toBe(7)
  expect(closed()).toBe(0)
})

test('a poll that is not of the run stays open', async () => {
  const said: string[] = []
  await expect(closedAnyhow(ground(undefined), (text) => said.push(text), fails)).rejects.toThrow(
    'the volley',
  )
  expect(said).toEqual([])
})
