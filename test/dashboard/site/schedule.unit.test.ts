import { expect, test } from 'vitest'
import { scheduleText } from '../../../dashboard/site/model/schedule.ts'

test('a scheduled poll counts down to its opening, by the server’s clock', () => {
  expect(scheduleText('scheduled', 65_000, null, 0)).toBe('Opens in 1:05')
  expect(scheduleText('scheduled', 65_000, null, undefined)).toBe('Not open yet')
})

test('an open poll counts down to its closing, if it has one', () => {
  expect(scheduleText('open', 0, 65_000, 1_000)).toBe('Closes in 1:04')
  expect(scheduleText('open', 0, null, 1_000)).toBe('')
  expect(scheduleText('open', 0, 65_000, undefined)).toBe('')
})

test('a poll that closed says whether its result stands', () => {
  expect(scheduleText('closing', 0, 1, 2)).toBe('Voting has ended; the last votes are being counted')
  expect(scheduleText('final', 0, 1, 2)).toBe('The result stands')
})
