import { expect, test } from 'vitest'
import { withClosing } from '../../../../infra/cli/bench/closing.ts'

const fails = (message: string) => (): Promise<never> => Promise.reject(new Error(message))

test('everything is closed, the last first, also when a closing fails; what failed first is told', async () => {
  const closed: string[] = []
  const close = (what: string) => async () => void closed.push(what)
  const work = withClosing(async (later) => {
    later(close('log'))
    later(fails('the table is busy'))
    later(fails('the pool is gone'))
    later(close('timer'))
    return 7
  })
  await expect(work).rejects.toThrow('the pool is gone')
  expect(closed).toEqual(['timer', 'log'])
})

test('work that fails is closed as far as it got, and its own error is told', async () => {
  const closed: string[] = []
  const work = withClosing(async (later) => {
    later(async () => void closed.push('log'))
    later(fails('the table is busy'))
    throw new Error('no disk')
  })
  await expect(work).rejects.toThrow('no disk')
  expect(closed).toEqual(['log'])
  expect(await withClosing(async () => undefined)).toBeUndefined()
})
