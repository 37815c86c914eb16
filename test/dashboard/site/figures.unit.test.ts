import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ageText,
  clockText,
  countdownText,
  countText,
  latencyText,
  mebibytesText,
  percentText,
  rateText,
  shareText,
  votesText,
} from '../../../dashboard/site/model/figures.ts'

describe('figures as text', () => {
  test('counts are grouped by thousands', () => {
    expect([0, 999, 1_000, 987_654_321].map(countText)).toEqual(['0', '999', '1,000', '987,654,321'])
    expect([0, 1, 2_000].map(votesText)).toEqual(['0 votes', '1 vote', '2,000 votes'])
  })

  test('shares have two decimals', () => {
    expect(shareText(0.6667, 2, 3)).toBe('66.67%')
    expect(shareText(0.29, 29, 100)).toBe('29.00%')
    expect(shareText(0, 0, 0)).toBe('0.00%')
    expect(shareText(1, 3, 3)).toBe('100.00%')
  })

  test('one vote of a million is not nothing, and all but one are not all', () => {
    expect(shareText(0, 1, 1_000_000)).toBe('<0.01%')
    expect(shareText(1, 999_999, 1_000_000)).toBe('>99.99%')
  })

  test('0% is said of no votes only, and 100% of all votes only', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000), fc.nat(2_000_000), (votes, others) => {
        fc.pre(votes + others > 0)
        const counted = votes + others
        const text = shareText(Math.round((votes / counted) * 10_000) / 10_000, votes, counted)
        expect(text === '0.00%').toBe(votes === 0)
        expect(text === '100.00%').toBe(others === 0)
      }),
    )
  })

  test('rates have a decimal below ten', () => {
    expect([0, 0.04, 0.6, 9.94, 9.96, 1_203.6].map(rateText)).toEqual([
      '0',
      '0.0',
      '0.6',
      '9.9',
      '10',
      '1,204',
    ])
  })

  test('ages go from tenths of seconds to hours', () => {
    expect([0, 840, 9_940, 12_900, 119_999, 120_000, 7_200_000].map(ageText)).toEqual([
      '0.0 s',
      '0.8 s',
      '9.9 s',
      '12 s',
      '119 s',
      '2 min',
      '2 h',
    ])
  })

  test('latencies go from milliseconds up', () => {
    expect([0, 212, 999, 1_250, 35_000, 3_600_000].map(latencyText)).toEqual([
      '<1 ms',
      '212 ms',
      '999 ms',
      '1.3 s',
      '35 s',
      '60 min',
    ])
  })

  test('parts of a limit claim neither nothing nor all of it by rounding, and may be over it', () => {
    expect([0, 0.001, 0.29, 0.812, 0.997, 1, 1.204].map(percentText)).toEqual([
      ...['0%', '<1%', '29%', '81%', '99%', '100%', '120%'],
    ])
    expect([0, 786_432, 1_048_576].map(mebibytesText)).toEqual(['0 MiB', '0.75 MiB', '1 MiB'])
  })

  test('a countdown reads 0:00 at the very end only', () => {
    expect([-5, 0, 1, 45_000, 725_000, 3_723_000, 183_600_000].map(countdownText)).toEqual([
      '0:00',
      '0:00',
      '0:01',
      '0:45',
      '12:05',
      '1:02:03',
      '2 d 3 h',
    ])
  })

  test('the time of day is that of the time zone asked for', () => {
    expect(clockText(1_790_000_000_000, 'UTC')).toBe('14:13:20')
    expect(clockText(1_790_000_000_000, 'America/Sao_Paulo')).toBe('11:13:20')
  })
})
