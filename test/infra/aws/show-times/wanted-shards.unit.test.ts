import { expect, it } from 'vitest'
import { wantedShards } from '../../../../infra/aws/show-times/wanted-shards.ts'

const shows = [
  { at: '2026-12-24T20:00:00Z', shards: 64 },
  { at: '2026-12-24T22:00:00-01:00', shards: 32 },
]
const at = (text: string): number => wantedShards(shows, 4, Date.parse(`2026-12-${text}Z`))

it('the stream has its usual shards, and more from an hour before a show to four hours after its beginning', () => {
  expect(at('24T18:59:59')).toBe(4)
  expect(at('24T19:00:00')).toBe(64)
  expect(at('24T23:59:59')).toBe(64)
  expect(at('25T00:00:00')).toBe(32)
  expect(at('25T02:59:59')).toBe(32)
  expect(at('25T03:00:00')).toBe(4)
})

it('never fewer than usual', () => {
  expect(wantedShards(shows, 100, Date.parse('2026-12-24T21:00:00Z'))).toBe(100)
  expect(wantedShards([], 4, 0)).toBe(4)
})
