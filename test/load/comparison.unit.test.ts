import { describe, expect, test } from 'vitest'
import { compare, complaint } from '../../load/comparison.ts'
import type { Tally } from '../../load/tally.ts'
import { counted } from './counted.ts'

const nothing: Tally = { options: {}, rejected: {} }
const run = (accepted: Tally, unknown: Tally = nothing) => ({ accepted, unknown, lastAnswerAt: 0 })
const before = counted({ options: { ana: 10, bia: 5 }, rejected: { unknown_option: 2 } }, 1)

const complaints = (
  ...[accepted, unknown, after, others = false]: [Tally, Tally, ReturnType<typeof counted>, boolean?]
) =>
  compare(run(accepted, unknown), before, after, others)
    .map(complaint)
    .filter((line) => line !== undefined)

const accepted: Tally = { options: { ana: 3 }, rejected: { unknown_option: 1, unknown_poll: 2 } }
const exact = counted({ options: { ana: 13, bia: 5 }, rejected: { unknown_option: 3 } }, 3)

test('a count that grew by exactly what was accepted has no difference', () => {
  expect(complaints(accepted, nothing, exact)).toEqual([])
  expect(compare(run(accepted), before, exact, false)).toContainEqual({
    what: 'option ana',
    least: 3,
    most: 3,
    found: 3,
    difference: 0,
  })
})

describe('a difference is named to the vote', () => {
  test('a vote that is missing', () => {
    const after = counted({ options: { ana: 12, bia: 5 }, rejected: { unknown_option: 3 } }, 3)
    expect(complaints(accepted, nothing, after)).toEqual([
      'option ana: expected 3, found 2: 1 missing',
      '/stats counted + rejected: expected 6, found 5: 1 missing',
    ])
  })
  test('a vote counted twice', () => {
    const after = counted({ options: { ana: 14, bia: 5 }, rejected: { unknown_option: 3 } }, 3)
    expect(complaints(accepted, nothing, after)).toEqual([
      'option ana: expected 3, found 4: 1 too many',
      '/stats counted + rejected: expected 6, found 7: 1 too many',
    ])
  })
  test('a vote counted for another option, though the sums agree', () => {
    const after = counted({ options: { ana: 12, bia: 6 }, rejected: { unknown_option: 3 } }, 3)
    expect(complaints(accepted, nothing, after)).toEqual([
      'option ana: expected 3, found 2: 1 missing',
      'option bia: expected 0, found 1: 1 too many',
    ])
  })
  test('a vote rejected for another reason', () => {
    const after = counted({ options: { ana: 13, bia: 5 }, rejected: { unknown_option: 2, closed: 1 } }, 3)
    expect(complaints(accepted, nothing, after)).toEqual([
      'rejected unknown_option: expected 1, found 0: 1 missing',
      'rejected closed: expected 0, found 1: 1 too many',
    ])
  })
  test('a vote for an unknown poll that only /stats can know of', () => {
    const after = counted({ options: { ana: 13, bia: 5 }, rejected: { unknown_option: 3 } }, 2)
    expect(complaints(accepted, nothing, after)).toEqual([
      '/stats rejected unknown_poll: expected 2, found 1: 1 missing',
      '/stats counted + rejected: expected 6, found 5: 1 missing',
    ])
  })
})

describe('votes whose answers were lost', () => {
  const unknown: Tally = { options: { ana: 2 }, rejected: {} }
  test.each([13, 14, 15])('may be counted or not (%i for ana)', (ana) => {
    const after = counted({ options: { ana, bia: 5 }, rejected: { unknown_option: 3 } }, 3)
    expect(complaints(accepted, unknown, after)).toEqual([])
  })
  test('do not excuse more than themselves', () => {
    const after = counted({ options: { ana: 16, bia: 5 }, rejected: { unknown_option: 3 } }, 3)
    expect(complaints(accepted, unknown, after)).toContain('option ana: expected 3 to 5, found 6: 1 too many')
  })
})

describe('votes whose answers were lost, in a poll that is closed', () => {
  const unknown: Tally = { options: { ana: 2 }, rejected: { unknown_option: 1, unknown_poll: 5 } }
  const closed = (ana: number, late: number) => ({
    ...counted({ options: { ana, bia: 5 }, rejected: { unknown_option: 3, closed: late } }, 3),
    status: 'final' as const,
  })
  test.each([
    [13, 3],
    [14, 2],
    [15, 1],
  ])('may have come in time or too late (%i for ana, %i too late)', (ana, late) => {
    expect(complaints(accepted, unknown, closed(ana, late))).toEqual([])
  })
  test('were stored once at most, even where others vote and the sums of /stats tell nothing', () => {
    expect(complaints(accepted, unknown, closed(15, 2), true)).toEqual([
      'rejected closed: expected 0 to 1, found 2: 1 too many',
    ])
  })
  test('do not excuse an accepted vote that came too late', () => {
    expect(complaints(accepted, nothing, closed(12, 1))).toEqual([
      'option ana: expected 3, found 2: 1 missing',
      'rejected closed: expected 0, found 1: 1 too many',
    ])
  })
  test('cannot come too late while it is open', () => {
    expect(complaints(accepted, unknown, { ...closed(13, 1), status: 'open' })).toEqual([
      'rejected closed: expected 0, found 1: 1 too many',
    ])
  })
})

describe('when other polls were voted in meanwhile', () => {
  test('/stats may have more', () => {
    const after = { ...exact, system: { ...exact.system, votes: exact.system.votes + 100 } }
    expect(complaints(accepted, nothing, after, true)).toEqual([])
    expect(complaints(accepted, nothing, after, false)).toEqual([
      '/stats counted + rejected: expected 6, found 106: 100 too many',
    ])
  })
  test('/stats may still not have less', () => {
    const after = { ...exact, system: { ...exact.system, votes: exact.system.votes - 1 } }
    expect(complaints(accepted, nothing, after, true)).toEqual([
      '/stats counted + rejected: expected at least 6, found 5: 1 missing',
    ])
  })
})
