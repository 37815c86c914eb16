import { expect, onTestFinished, test, vi } from 'vitest'
import { countProgress, volleyEvents, volleyLine } from '../../../infra/cli/load/progress.ts'

const none = { sent: 0, late: 0, answered: 0, accepted: 0, throttled: 0, unknown: 0 }

test('a line says what was sent, how it was answered, and how much of it in the last second', () => {
  const before = { ...none, answered: 1_000 }
  const now = { sent: 3_010, late: 4, answered: 3_000, accepted: 2_900, throttled: 90, unknown: 2 }
  expect(volleyLine(3, before, now)).toBe(
    '    3 s  sent 3,010  late 4  answered 3,000  last second 2,000  202 2,900  429 90  other 10  unknown 2\n',
  )
})

test('how far the count is, is said once a second and not at once', () => {
  let nowMs = 0
  const lines: string[] = []
  const progress = countProgress(
    (line) => lines.push(line.trim()),
    () => nowMs,
  )
  for (nowMs = 0; nowMs <= 2_500; nowMs += 100) progress(nowMs, 9_000)
  expect(lines).toEqual(['counted 1,000 of 9,000', 'counted 2,000 of 9,000'])
})

test('when the volley has ended, well or not, no more lines come and nobody listens for Ctrl-C', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const listeners = process.listenerCount('SIGINT')
  const lines: string[] = []
  const events = volleyEvents('Voting.', (line) => lines.push(line))
  events.started(
    () => {},
    () => none,
  )
  vi.advanceTimersByTime(2_000)
  expect(lines).toHaveLength(3)
  events.ended()
  expect(vi.getTimerCount()).toBe(0)
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})

test('Ctrl-C stops the volley once, and npm, which hands it on, does not end the command: not even behind the volley', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const listeners = process.listenerCount('SIGINT')
  let stopped = 0
  const events = volleyEvents('Voting.', () => {})
  events.started(
    () => {
      stopped += 1
    },
    () => none,
  )
  process.emit('SIGINT')
  process.emit('SIGINT')
  expect(process.listenerCount('SIGINT')).toBe(listeners + 1)
  events.ended()
  expect(process.listenerCount('SIGINT')).toBe(listeners + 1)
  process.emit('SIGINT')
  expect(stopped).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})
