import { expect, test } from 'vitest'
import { rejectionRows } from '../../../dashboard/site/model/rejection-rows.ts'

test('there is a row for each reason that occurred, here or anywhere', () => {
  expect(rejectionRows({ unknown_option: 1_288 }, { unknown_option: 1_300, malformed: 2 })).toEqual([
    { reason: 'malformed', meaning: 'unreadable', hereText: '0', everywhereText: '2' },
    {
      reason: 'unknown_option',
      meaning: 'for an option the poll does not have',
      hereText: '1,288',
      everywhereText: '1,300',
    },
  ])
})

test('what is not known yet is not called zero', () => {
  expect(rejectionRows({ closed: 1 }, undefined)[0]?.everywhereText).toBe('–')
})

test('no rejections, no rows', () => {
  expect(rejectionRows({}, {})).toEqual([])
})

test('the whole system never shows fewer than one poll of it, whichever was read first', () => {
  expect(rejectionRows({ closed: 5 }, { closed: 4 })).toMatchObject([{ hereText: '5', everywhereText: '5' }])
})
