import { expect, test } from 'vitest'
import { addTally, emptyTally, votesIn } from '../../load/tally.ts'

test('tallies add up per option and per reason, as often as said', () => {
  const sum = emptyTally()
  addTally(sum, { options: { ana: 2, bia: 1 }, rejected: { unknown_option: 1 } }, 10)
  addTally(sum, { options: { ana: 1 }, rejected: { unknown_poll: 4 } })
  expect(sum).toEqual({ options: { ana: 21, bia: 10 }, rejected: { unknown_option: 10, unknown_poll: 4 } })
  expect(votesIn(sum)).toBe(45)
})

test('adding nothing leaves no trace', () => {
  expect(addTally(emptyTally(), { options: { ana: 1 }, rejected: {} }, 0)).toEqual(emptyTally())
})
