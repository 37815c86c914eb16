import { describe, expect, test } from 'vitest'
import type { StreamShardView, Traffic } from '../../../dashboard/read-model.ts'
import { shardRows } from '../../../dashboard/site/model/shard-rows.ts'
import { sampleShard, sampleStats, shardId } from './sample-stats.ts'

const sent = (number: number, traffic: Partial<Traffic>, votesPerSecond = 0): StreamShardView =>
  sampleShard(number, {
    votesPerSecond,
    traffic: { recordsPerSecond: 0, bytesPerSecond: 0, throttledPerSecond: 0, ...traffic },
  })

/** Shards 0, 1, 2 … that are sent so many records/s. */
const loads = (recordsPerSecond: readonly number[]): StreamShardView[] =>
  recordsPerSecond.map((load, number) => sent(number, { recordsPerSecond: load }))

const unmeasured = (number: number, votesPerSecond: number): StreamShardView =>
  sampleShard(number, { traffic: null, votesPerSecond })

const ids = (from: readonly { id: string }[]): string[] => from.map(({ id }) => id)

describe('rows of the open shards', () => {
  test('a bar is the share of whichever limit is nearer, records or bytes', () => {
    const { rows, note } = shardRows(
      sampleStats([
        sent(7, { recordsPerSecond: 812, bytesPerSecond: 200_000 }, 790),
        sent(12, { recordsPerSecond: 10, bytesPerSecond: 786_432 }, 5_000),
      ]),
    )
    expect(rows).toEqual([
      {
        id: shardId(7),
        name: 'shard 7',
        loadText: '812 records/s, 81%',
        fill: 0.812,
        votesText: '790 votes/s',
        throttledText: '',
      },
      {
        id: shardId(12),
        name: 'shard 12',
        loadText: '0.75 MiB/s, 75%',
        fill: 0.75,
        votesText: '5,000 votes/s',
        throttledText: '',
      },
    ])
    expect(note).toBe('A full bar is the limit of a shard: 1,000 records/s or 1 MiB/s, whichever is nearer.')
  })

  test('refused records are told by shard and for the stream; a bar ends at the limit', () => {
    const { rows, head, headThrottled, throttled } = shardRows(
      sampleStats([sent(0, { recordsPerSecond: 1_001, throttledPerSecond: 36.4 }, 998)], {
        throttledPerSecond: 36.4,
      }),
    )
    expect(rows).toMatchObject([
      { loadText: '1,001 records/s, 100%', fill: 1, throttledText: 'throttled 36/s' },
    ])
    expect({ head, headThrottled, throttled }).toEqual({
      head: '1 open shard · 998 votes/s',
      headThrottled: 'throttled 36/s',
      throttled: true,
    })
  })

  test('the head counts votes of ended shards too, and leaves out throttles that are not known', () => {
    const ended = sampleShard(0, { open: false, traffic: null, votesPerSecond: 40 })
    const { head, headThrottled, throttled, rows } = shardRows(
      sampleStats([ended, sent(1, { recordsPerSecond: 9 }, 30), sent(2, {}, 20)]),
    )
    expect({ head, headThrottled, throttled }).toEqual({
      head: '2 open shards · 90 votes/s',
      headThrottled: '',
      throttled: false,
    })
    expect(ids(rows)).toEqual([shardId(1), shardId(2)])
  })

  test('without limits the busiest shard has a full bar, and the note says that none holds', () => {
    const { rows, note } = shardRows(sampleStats(loads([4_000, 1_000]), { shardLimit: null }))
    expect(rows).toMatchObject([
      { loadText: '4,000 records/s', fill: 1 },
      { loadText: '1,000 records/s', fill: 0.25 },
    ])
    expect(note).toContain('No limit holds')
  })

  test('without shard metrics the bars are votes, and the note says why', () => {
    const { rows, note } = shardRows(sampleStats([unmeasured(0, 50), unmeasured(1, 100)]))
    expect(rows).toMatchObject([
      { loadText: '50 votes/s', fill: 0.5, votesText: '' },
      { loadText: '100 votes/s', fill: 1, votesText: '' },
    ])
    expect(note).toContain('shardMetrics')
  })

  test('a shard that is not measured yet says so among those that are', () => {
    const { rows } = shardRows(sampleStats([...loads([500]), unmeasured(1, 100)]))
    expect(rows[1]).toMatchObject({ loadText: 'not measured yet', fill: 0, votesText: '100 votes/s' })
  })

  test('where nothing flows, that is all there is to say', () => {
    for (const shards of [loads([0, 0]), [unmeasured(0, 0)]])
      expect(shardRows(sampleStats(shards))).toMatchObject({
        note: 'Nothing is flowing.',
        rows: [{ fill: 0 }, {}].slice(0, shards.length),
      })
  })
})

describe('rows of many shards', () => {
  const hundreds = Array.from({ length: 256 }, (_, number) => (number % 16 === 0 ? 900 : 610 - number))

  test('the 16 busiest have rows, in the order of their ids, and the rest a line', () => {
    const { rows, more } = shardRows(sampleStats(loads(hundreds)))
    expect(ids(rows)).toEqual(Array.from({ length: 16 }, (_, at) => shardId(16 * at)))
    expect(more).toBe('and 240 more, each at 61% at most')
  })

  test('one that refuses records is never among the rest while one that does not has a row', () => {
    const refusing = sent(255, { recordsPerSecond: 5, throttledPerSecond: 2 })
    const { rows } = shardRows(sampleStats([...loads(hundreds.slice(0, 255)), refusing]))
    expect(ids(rows)).toContain(shardId(255))
  })

  test('refusals without a row are told as a sum', () => {
    const all = Array.from({ length: 20 }, (_, number) => sent(number, { throttledPerSecond: 3 }))
    expect(shardRows(sampleStats(all)).more).toBe('and 4 more, each at 0% at most, together throttled 12/s')
  })

  test('a row goes to another shard only when that is clearly busier', () => {
    const before = Array.from({ length: 17 }, (_, number) => 500 - number)
    const shown = new Set(ids(shardRows(sampleStats(loads(before))).rows))
    expect(shown).not.toContain(shardId(16))
    const rowsWith = (load: number) =>
      ids(shardRows(sampleStats(loads([...before.slice(0, 16), load])), shown).rows)
    expect(rowsWith(550)).not.toContain(shardId(16))
    expect(rowsWith(650)).toContain(shardId(16))
    expect(rowsWith(650)).not.toContain(shardId(15))
  })
})
