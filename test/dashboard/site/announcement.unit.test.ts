import { describe, expect, test } from 'vitest'
import { announce } from '../../../dashboard/site/model/announcement.ts'
import { sampleScoreboard } from './sample-scoreboard.ts'

const first = announce(undefined, sampleScoreboard([2, 1]), 0)

describe('what a screen reader is told', () => {
  test('the first standing is told at once', () => {
    expect(first.text).toBe('Open. 3 votes. Option 0 leads with 66.67%, 2.')
  })

  test('new votes are told 15 s later at the earliest', () => {
    expect(announce(first, sampleScoreboard([3, 1]), 14_999)).toBe(first)
    expect(announce(first, sampleScoreboard([3, 1]), 15_000).text).toContain('4 votes')
  })

  test('the same standing is not told twice', () => {
    expect(announce(first, sampleScoreboard([2, 1]), 60_000)).toBe(first)
  })

  test('the result is told at once', () => {
    const result = announce(first, sampleScoreboard([3, 1], { status: 'final' }), 10)
    expect(result.text).toBe('Final. 4 votes. Option 0 won with 75.00%, 3.')
  })

  test('a tie has no leader, and no winner', () => {
    const tie = (status: 'open' | 'final') =>
      announce(undefined, sampleScoreboard([1, 1], { status }), 0).text
    expect(tie('open')).toBe('Open. 2 votes. No option leads.')
    expect(tie('final')).toBe('Final. 2 votes. No option won.')
  })
})
