import { expect, test } from 'vitest'
import { compare } from '../../load/comparison.ts'
import { finalVerdict } from '../../load/final.ts'
import { totalsOf } from '../../load/settle.ts'
import type { Tally } from '../../load/tally.ts'
import { counted } from './counted.ts'

const accepted: Tally = { options: { ana: 5, bia: 3 }, rejected: { unknown_option: 2, unknown_poll: 1 } }
const votes = { sent: 20, throttled: 6, failed: 3 }

const totals = (options: Record<string, number>, unknownOption: number, unknownPoll: number) => {
  const sent = { accepted, unknown: { options: {}, rejected: {} }, lastAnswerAt: 0, votes }
  const before = counted({ options: { ana: 100 }, rejected: {} }, 7)
  const after = counted({ options, rejected: { unknown_option: unknownOption } }, 7 + unknownPoll)
  return totalsOf(sent, { comparisons: compare(sent, before, after, false), final: null })
}

test('an exact count is the sum of what the run added to options and to reasons, the unknown poll among them', () => {
  expect(totals({ ana: 105, bia: 3 }, 2, 1)).toEqual({
    ...votes,
    accepted: 11,
    counted: 8,
    rejected: 3,
    difference: 0,
  })
})

test('a vote counted for another option is a difference of two, though the sums agree', () => {
  expect(totals({ ana: 104, bia: 4 }, 2, 1)).toMatchObject({ counted: 8, rejected: 3, difference: 2 })
})

test('a missing vote is a difference of one, not one for each table that shows it', () => {
  expect(totals({ ana: 104, bia: 3 }, 2, 1)).toMatchObject({ counted: 7, difference: 1 })
  expect(totals({ ana: 105, bia: 3 }, 2, 0)).toMatchObject({ rejected: 2, difference: 1 })
})

test('votes that only the sum over all polls shows are a difference', () => {
  const found = [{ what: '/stats counted + rejected', least: 11, most: 11, found: 15, difference: 4 }]
  const sent = { accepted, unknown: { options: {}, rejected: {} }, lastAnswerAt: 0, votes }
  expect(totalsOf(sent, { comparisons: found, final: null }).difference).toBe(4)
})

test('a result that is not what the scoreboard shows is a difference, of as many votes', () => {
  const sent = { accepted, unknown: { options: {}, rejected: {} }, lastAnswerAt: 0, votes }
  const difference = (ana: number, anaInResult: number): number => {
    const shown = { options: { ...accepted.options, ana }, rejected: { unknown_option: 2 } }
    const after = { ...counted(shown, 1), status: 'final' as const }
    const result = { ...shown, options: { ...accepted.options, ana: anaInResult } }
    const final = finalVerdict(sent, result, true, 0)
    const comparisons = compare(sent, counted({ options: {}, rejected: {} }), after, false)
    return totalsOf(sent, { comparisons, final }).difference
  }
  expect(difference(5, 5)).toBe(0)
  expect(difference(5, 3)).toBe(2)
  expect(difference(4, 3)).toBe(2)
  expect(difference(3, 4)).toBe(2)
})
