import { describe, expect, it } from 'vitest'
import { demandOf, neededShards } from '../../../load/shards/auto-demand.ts'
import type { ShardReading, StreamReading } from '../../../load/shards/reading.ts'

const records = (recordsPerSecond: number, throttledPerSecond = 0) => ({
  recordsPerSecond,
  bytesPerSecond: recordsPerSecond * 100,
  throttledPerSecond,
})

type Row = [rangeShare: number, traffic: ShardReading['traffic']]

/** A reading of shards s0, s1, … that is a mean over 3 s. */
const reading = (traffic: StreamReading['traffic'], ...rows: Row[]): StreamReading => ({
  stream: 'votes',
  endpoint: undefined,
  at: 100_000,
  status: 'ACTIVE',
  onDemand: false,
  shards: rows.map(([rangeShare, traffic], n) => ({
    id: `s${n}`,
    range: { start: '0', end: '1' },
    rangeShare,
    votesPerSecond: 0,
    traffic,
    iteratorAgeMs: 0,
    history: [],
  })),
  traffic,
  measuredMs: 3_000,
  measuredAt: 99_000,
  shardMetrics: true,
})

const none: ReadonlySet<string> = new Set()
const measured = { measuredFrom: 96_000, measuredAt: 99_000 }

describe('what a stream is asked to take', () => {
  it('is not known when nothing fresh is', () => {
    expect(demandOf(reading(null, [1, null]), none)).toBeNull()
  })

  it('is of the whole stream, shards that ended meanwhile included, and the busiest by its own metrics', () => {
    const two = reading(records(2_000, 500), [0.5, records(300)], [0.5, records(900, 300)])
    expect(demandOf(two, none)).toEqual({
      ...measured,
      byShard: true,
      load: 2.5,
      hottest: 1.2,
      // Four standard deviations less: of 7,500 records, and of 3,600.
      surely: { load: expect.closeTo(2.5 - 0.1155), hottest: expect.closeTo(1.2 - 0.08) },
      throttledPerSecond: 500,
      offeredPerSecond: 2_500,
      hotKeys: [],
    })
  })

  it('is taken to be as wide as the ranges where one shard does not tell', () => {
    const two = reading(records(2_000), [0.75, records(100)], [0.25, null])
    expect(demandOf(two, none)).toMatchObject({ byShard: false, load: 2, hottest: 1.5 })
  })

  it('leaves out a shard with a hot key, as if all had what the others have by their width', () => {
    const three = reading(
      records(1_500, 4_000),
      [0.5, records(1_000, 3_990)],
      [0.3, records(300, 10)],
      [0.2, records(190)],
    )
    expect(demandOf(three, new Set(['s0']))).toEqual({
      ...measured,
      byShard: true,
      load: 1,
      hottest: 0.31,
      surely: { load: expect.closeTo(1 - 0.1033), hottest: expect.closeTo(0.31 - 0.0407) },
      throttledPerSecond: 10,
      offeredPerSecond: 500,
      hotKeys: ['s0'],
    })
  })

  it('is nothing when every shard has a hot key', () => {
    const one = reading(records(1_000, 4_000), [1, records(1_000, 4_000)])
    expect(demandOf(one, new Set(['s0']))).toMatchObject({ load: 0, hottest: 0, throttledPerSecond: 0 })
  })

  it('is the whole stream’s, hot keys with it, where not all shards tell, and says so', () => {
    const two = reading(records(1_000, 4_000), [0.5, null], [0.5, null])
    expect(demandOf(two, new Set(['s0']))).toMatchObject({
      byShard: false,
      load: 5,
      hotKeys: ['s0'],
      throttledPerSecond: 4_000,
    })
  })
})

describe('the shards that a demand needs', () => {
  const needed = (load: number, surely: number) =>
    neededShards({ load, surely: { load: surely, hottest: 0 } }, 1.25)

  it('are not more for what chance may have made of it', () => {
    expect(needed(8.02, 7.81)).toBe(10)
    expect(needed(8.3, 8.09)).toBe(11)
  })

  it('are at most one fewer for it, though of few records chance makes much', () => {
    expect(needed(8, 5)).toBe(9)
    expect(needed(0, 0)).toBe(1)
  })
})
