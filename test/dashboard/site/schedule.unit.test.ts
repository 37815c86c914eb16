import { describe, expect, test } from 'vitest'
import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { scheduleText, unprovedText } from '../../../dashboard/site/model/schedule.ts'
import { sampleScoreboard } from './sample-scoreboard.ts'

const hours = (
  status: Scoreboard['status'],
  opensAt: number,
  closesAt: number | null,
  final?: Scoreboard['final'],
): Scoreboard => {
  const board = sampleScoreboard([1, 1], { status })
  return { ...board, poll: { ...board.poll, opensAt, closesAt }, ...(final ? { final } : {}) }
}

test('a scheduled poll counts down to its opening, by the server’s clock', () => {
  expect(scheduleText(hours('scheduled', 65_000, null), 0)).toBe('Opens in 1:05')
  expect(scheduleText(hours('scheduled', 65_000, null), undefined)).toBe('Not open yet')
})

test('an open poll counts down to its closing, if it has one', () => {
  expect(scheduleText(hours('open', 0, 65_000), 1_000)).toBe('Closes in 1:04')
  expect(scheduleText(hours('open', 0, null), 1_000)).toBe('')
  expect(scheduleText(hours('open', 0, 65_000), undefined)).toBe('')
})

test('a poll that closed says that the last votes are being counted', () => {
  expect(scheduleText(hours('closing', 0, 1), 2)).toBe('Voting has ended; the last votes are being counted')
})

describe('a final poll', () => {
  const final = (tookMs: number, unproved: string[] = []): Scoreboard =>
    hours('final', 0, 1, {
      closedAt: 1_000,
      finalAt: 1_000 + tookMs,
      proved: unproved.length === 0,
      unproved,
    })

  test('says how long after its close it was final, from milliseconds to minutes', () => {
    expect([0, 600, 1_250, 75_000, 900_000].map((ms) => scheduleText(final(ms), 2))).toEqual([
      'Proved final <1 ms after it closed',
      'Proved final 600 ms after it closed',
      'Proved final 1.3 s after it closed',
      'Proved final 75 s after it closed',
      'Proved final 15 min after it closed',
    ])
  })

  test('is never final before it closed, whatever the clocks say', () => {
    expect(scheduleText(final(-5), 2)).toBe('Proved final <1 ms after it closed')
  })

  test('that is not proved says so, and which shards may have lost votes', () => {
    const board = final(2_000, ['shardId-000000000001', 'shardId-000000000003'])
    expect(scheduleText(board, 2)).toBe('Final, not proved, 2.0 s after it closed')
    expect(unprovedText(board.final)).toBe(
      'Votes in shardId-000000000001, shardId-000000000003 may have expired before they were read. They are not in this result.',
    )
  })

  test('that is proved, or not final yet, has no such warning', () => {
    expect([unprovedText(final(1).final), unprovedText(undefined)]).toEqual(['', ''])
  })
})
