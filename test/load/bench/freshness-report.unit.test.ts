import { expect, test } from 'vitest'
import type { FreshnessRound } from '../../../load/bench/freshness.ts'
import { freshnessMarkdown, freshnessShortfalls } from '../../../load/bench/freshness-report.ts'

const round = (rate: number, visibleP50: number, more: Partial<FreshnessRound> = {}): FreshnessRound => ({
  rate,
  acceptedPerSecond: rate - 2,
  rateHeld: 0.995,
  shards: 2,
  accepted: rate * 20,
  throttled: 0,
  counted: { p50: 140, p99: 260, max: 310 },
  visible: { p50: visibleP50, p99: 2_100, max: 2_200 },
  failures: [],
  ...more,
})

test('a rate is a row with the medians of its rounds, and the promise stands beside what was found', () => {
  const rounds = [round(5_000, 1_300), round(1_000, 1_100), round(1_000, 1_200), round(1_000, 1_250)]
  const text = freshnessMarkdown(rounds, [], 'A machine.')
  const [first, second] = text.split('\n').filter((line) => /^\| [\d]/.test(line))
  expect(first).toBe(
    '| 1,000 | 998 | 99.5 % | 2 | 140 | 260 | 310 | 1,200 (1,100 to 1,250) | 2,100 | 2,200 |',
  )
  expect(second).toContain('| 5,000 | 4,998 |')
  expect(text).toContain('at 1,000 votes/s asked for, half of the votes within 1.20 s; at 5,000 votes/s')
  expect(text).toContain('- Aim: votes/s accepted of 1,000 at least 990; 998: reached.')
  expect(text).toContain('- Aim: accepted → counted p99 at 5,000 votes/s under 1,000 ms; 260 ms: reached.')
  expect(text).toContain('PASSED')
  expect(text).not.toContain('429')
})

test('a rate that was not held and votes that were counted too late are missed aims', () => {
  const late = round(20_000, 2_000, {
    acceptedPerSecond: 8_049,
    counted: { p50: 260, p99: 1_287, max: 1_400 },
  })
  const text = freshnessMarkdown([late], [], 'A machine.')
  expect(text).toContain('- Aim: votes/s accepted of 20,000 at least 19,800; 8,049: **missed**.')
  expect(text).toContain('under 1,000 ms; 1,287 ms: **missed**.')
  const none = round(1_000, 0, { counted: { p50: null, p99: null, max: null } })
  expect(freshnessMarkdown([none], [], 'A machine.')).toContain('under 1,000 ms; no vote: **missed**.')
})

test('votes refused by shard limits are told, and failures stand last', () => {
  const text = freshnessMarkdown([round(1_000, 1_100, { throttled: 12 })], ['1 missing'], 'A machine.')
  expect(text).toContain('12 at 1,000/s')
  expect(text.endsWith('- FAILED: 1 missing.')).toBe(true)
})

test('a rate whose median is over the limit falls short, and so does one that showed nothing', () => {
  const nothing = round(9_000, 0, { visible: { p50: null, p99: null, max: null } })
  expect(freshnessShortfalls([round(1_000, 1_500), round(5_000, 1_501), nothing], 1_500)).toEqual([
    'at 5,000 votes/s half were visible after 1501 ms, at most 1500 allowed',
    'at 9,000 votes/s half were visible after no ms, at most 1500 allowed',
  ])
})
