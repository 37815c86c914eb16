import { describe, expect, it } from 'vitest'
import {
  middleOf,
  offeredLoad,
  rangeShareOf,
  type StreamReading,
  shareOfLimit,
} from '../../../load/shards/reading.ts'
import { historyUpTo, newestEnd, type Rhythm, trafficAt } from '../../../load/shards/reading-rates.ts'
import { readingNotes, shardTable } from '../../../load/shards/show-text.ts'

const all = 2n ** 128n

describe('the load of a shard', () => {
  it('is of records or of bytes, whichever is nearer to its limit', () => {
    expect(shareOfLimit({ recordsPerSecond: 900, bytesPerSecond: 1024, throttledPerSecond: 500 })).toBe(0.9)
    expect(shareOfLimit({ recordsPerSecond: 10, bytesPerSecond: 2 ** 19, throttledPerSecond: 0 })).toBe(0.5)
  })

  it('is offered with what was refused, whose records are as long as the others', () => {
    expect(offeredLoad({ recordsPerSecond: 1000, bytesPerSecond: 1024, throttledPerSecond: 500 })).toBe(1.5)
    expect(offeredLoad({ recordsPerSecond: 10, bytesPerSecond: 2 ** 20, throttledPerSecond: 10 })).toBe(2)
    expect(offeredLoad({ recordsPerSecond: 0, bytesPerSecond: 0, throttledPerSecond: 300 })).toBe(0.3)
  })

  it('has a range with a share of all hash keys, and a middle', () => {
    const half = { start: `${all / 2n}`, end: `${all - 1n}` }
    expect(rangeShareOf(half)).toBe(0.5)
    expect(middleOf(half)).toBe(`${(all / 4n) * 3n}`)
  })
})

describe('the rates that metrics tell', () => {
  const rhythm: Rhythm = { periodMs: 1000, meanMs: 3000, historyMs: 5000, staleMs: 10_000 }
  const records = new Map([
    [96_000, 900],
    [98_000, 30],
    [99_000, 60],
    [100_000, 999],
  ])
  const none = new Map<number, number>()

  it('are means up to the end of the newest period that is over', () => {
    const series = { records, bytes: none, throttled: new Map([[99_000, 3]]) }
    expect(newestEnd(series, rhythm, 100_500)).toBe(100_000)
    const expected = { recordsPerSecond: 30, bytesPerSecond: 0, throttledPerSecond: 1 }
    expect(trafficAt(series, rhythm, 100_000)).toEqual(expected)
    expect(historyUpTo(records, rhythm, 100_000)).toEqual([0, 900, 0, 30, 60])
  })

  it('are not known when the newest period is stale, or there is none', () => {
    expect(newestEnd({ records, bytes: none, throttled: none }, rhythm, 111_500)).toBeUndefined()
    expect(newestEnd({ records: none, bytes: none, throttled: none }, rhythm, 100_500)).toBeUndefined()
  })
})

describe('the table of a stream', () => {
  const traffic = { recordsPerSecond: 1000, bytesPerSecond: 204_800, throttledPerSecond: 12 }
  const shard = {
    range: { start: '0', end: `${all / 2n - 1n}` },
    rangeShare: 0.5,
    votesPerSecond: 990,
    history: [0, 500, 1000],
  }
  const reading: StreamReading = {
    stream: 'votes',
    endpoint: undefined,
    at: 0,
    status: 'ACTIVE',
    onDemand: false,
    shards: [
      { ...shard, id: 'shardId-000000000000', traffic, iteratorAgeMs: 250 },
      { ...shard, id: 'shardId-000000000001', traffic: null, iteratorAgeMs: null },
    ],
    traffic,
    measuredMs: 3000,
    measuredAt: 0,
    shardMetrics: false,
  }

  it('has a line for each shard, dashes for what is not known, and the sum', () => {
    expect(shardTable(reading)).toEqual([
      'shardId-      range       keys  votes/s  records/s  KiB/s  of limit  throttled  behind  lately',
      '000000000000  0000–7fff   50 %      990      1,000    200     100 %         12   0.3 s  ▁▄█',
      '000000000001  0000–7fff   50 %      990          –      –         –          –       –  ▁▄█',
      'all                      100 %    1,980      1,000    200                   12',
    ])
  })

  it('fits 100 columns with the figures of a large stream', () => {
    const full = { recordsPerSecond: 64_000, bytesPerSecond: 64 * 2 ** 20, throttledPerSecond: 36_000 }
    const id = 'shardId-000000000063'
    const history = Array.from({ length: 60 }, () => 1_000)
    const shards = [0, 1].map(() => ({ ...shard, id, traffic: full, iteratorAgeMs: 119_000, history }))
    for (const line of shardTable({ ...reading, shards, traffic: full }))
      expect(line.length).toBeLessThanOrEqual(100)
  })

  it('comes with a word on metrics that are off, and how to turn them on', () => {
    expect(readingNotes(reading).join('\n')).toContain('npm run deploy -- -c shardMetrics=true')
    expect(readingNotes({ ...reading, shardMetrics: true }).join('\n')).not.toContain('shardMetrics')
    expect(readingNotes({ ...reading, traffic: null }).join('\n')).toContain('not known now')
  })
})
