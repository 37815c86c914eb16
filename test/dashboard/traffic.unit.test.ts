import { describe, expect, it } from 'vitest'
import { type Reading, streamTraffic, unknownTraffic } from '../../dashboard/traffic.ts'

const sums = (...pairs: [at: number, sum: number][]) => new Map(pairs)

describe('the traffic of a stream', () => {
  it('is that of one period, the newest of which anything is known; who has nothing in it was quiet', () => {
    const readings: Reading[] = [
      { rate: 'throttledPerSecond', sums: sums([60, 30], [0, 600]) },
      { shardId: 's1', rate: 'recordsPerSecond', sums: sums([60, 6000]) },
      { shardId: 's1', rate: 'bytesPerSecond', sums: sums([60, 60_000]) },
      { shardId: 's1', rate: 'throttledPerSecond', sums: sums() },
      { shardId: 's2', rate: 'recordsPerSecond', sums: sums([0, 9000]) },
      { shardId: 's3', rate: 'recordsPerSecond', sums: sums() },
    ]
    expect(streamTraffic(readings, 60)).toEqual({
      throttledPerSecond: 0.5,
      shards: new Map([
        ['s1', { recordsPerSecond: 100, bytesPerSecond: 1000, throttledPerSecond: 0 }],
        ['s2', { recordsPerSecond: 0, bytesPerSecond: 0, throttledPerSecond: 0 }],
      ]),
    })
  })

  it('is not known where no metric has a value', () => {
    expect(streamTraffic([{ rate: 'throttledPerSecond', sums: sums() }], 60)).toEqual(unknownTraffic)
  })
})
