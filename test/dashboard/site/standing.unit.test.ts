import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leaderOf, standing } from '../../../dashboard/site/model/standing.ts'
import { sampleScoreboard } from './sample-scoreboard.ts'

const marks = (votes: number[], status: 'open' | 'final' = 'open') =>
  standing(sampleScoreboard(votes, { status })).rows.map((row) => row.mark)

describe('the standing', () => {
  test('figures are set as text, in the order of the ballot', () => {
    const { rows, countedText, rateText, rejectedText } = standing(
      sampleScoreboard([1_000, 2_000], { votesPerSecond: 1_203.6, rejected: { closed: 2, malformed: 1 } }),
    )
    expect(rows.map(({ label, votesText, shareText }) => [label, votesText, shareText])).toEqual([
      ['Option 0', '1,000', '33.33%'],
      ['Option 1', '2,000', '66.67%'],
    ])
    expect([countedText, rateText, rejectedText]).toEqual(['3,000', '1,204', '3'])
  })

  test('the option with most votes leads while the poll is open and wins when it is final', () => {
    expect(marks([1, 2])).toEqual([undefined, 'Leading'])
    expect(marks([1, 2], 'final')).toEqual([undefined, 'Winner'])
  })

  test('nobody leads in a tie', () => {
    expect(marks([2, 2, 1], 'final')).toEqual([undefined, undefined, undefined])
  })

  test('nobody leads without votes', () => {
    expect(marks([0, 0], 'final')).toEqual([undefined, undefined])
  })

  test('one vote decides where rounded shares are equal', () => {
    expect(marks([987_654_321, 987_654_320])).toEqual(['Leading', undefined])
  })

  test('a leader has strictly more votes than every other option', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 2, maxLength: 8 }), (votes) => {
        const options = votes.map((count, i) => ({ id: String(i), votes: count }))
        const leader = leaderOf(options)
        const most = Math.max(...votes)
        const alone = most > 0 && votes.filter((count) => count === most).length === 1
        expect(leader).toBe(alone ? String(votes.indexOf(most)) : undefined)
      }),
    )
  })

  test('with few options a bar is as long as its share, of a track that is all votes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 2, maxLength: 8 }), (votes) => {
        const { options } = sampleScoreboard(votes)
        expect(standing(sampleScoreboard(votes)).rows.map((row) => row.fill)).toEqual(
          options.map((option) => option.share),
        )
      }),
    )
  })

  test('with many options the longest bar is full, and the others are in proportion to it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 9, maxLength: 50 }), (votes) => {
        const { options } = sampleScoreboard(votes)
        const { rows } = standing(sampleScoreboard(votes))
        const greatest = Math.max(...options.map((option) => option.share))
        for (const [i, row] of rows.entries())
          expect(row.fill * greatest).toBeCloseTo(options[i]?.share ?? Number.NaN)
        expect(Math.max(...rows.map((row) => row.fill))).toBe(greatest > 0 ? 1 : 0)
      }),
    )
  })

  test('colours go by the place in the ballot and come round after eight', () => {
    const { rows } = standing(sampleScoreboard(Array.from({ length: 10 }, () => 1)))
    expect(rows.map((row) => row.colour)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 1])
  })

  test('eight options fill the screen, twenty stand in columns, fifty in narrow ones', () => {
    const density = (options: number) =>
      standing(sampleScoreboard(Array.from({ length: options }, () => 0))).density
    expect([2, 8, 9, 20, 21, 50].map(density)).toEqual(['few', 'few', 'many', 'many', 'crowd', 'crowd'])
  })
})
