import { describe, expect, it } from 'vitest'
import { findHeat } from '../../../load/shards/heat.ts'
import { findings, type Sample, sampleOf } from '../../../load/shards/heat-finding.ts'
import { rangeShareOf, type ShardReading } from '../../../load/shards/reading.ts'
import { findingText } from '../../../load/shards/show-text.ts'

const all = 2n ** 128n

/** Shards side by side, with shares of the hash keys in percent and records taken and refused per second. */
const stream = (...rows: [keys: number, records: number, throttled?: number][]): ShardReading[] => {
  let from = 0
  return rows.map(([keys, recordsPerSecond, throttledPerSecond = 0], at) => {
    const start = (all * BigInt(from)) / 100n
    from += keys
    const range = { start: `${start}`, end: `${(all * BigInt(from)) / 100n - 1n}` }
    return {
      id: `s${at}`,
      range,
      rangeShare: rangeShareOf(range),
      votesPerSecond: recordsPerSecond,
      traffic: { recordsPerSecond, bytesPerSecond: recordsPerSecond * 200, throttledPerSecond },
      iteratorAgeMs: 0,
      history: [],
    }
  })
}

const heatOf = (shards: ShardReading[]) =>
  findHeat({ shards, measuredMs: 3_000 }).map(({ shardId, wide, dense }) => ({ shardId, wide, dense }))

const celebrity: Sample = { records: 10, top: { key: 'celebrity', records: 9 } }

describe('a hot shard and a hot key', () => {
  it.each<[what: string, shards: ShardReading[], heat: ReturnType<typeof heatOf>]>([
    [
      'even traffic on even ranges is neither, full or not',
      stream([25, 990], [25, 1000, 300], [25, 1000, 280], [25, 980]),
      [],
    ],
    [
      'a range of half the keys with half the traffic is wide',
      stream([50, 800], [25, 400], [25, 400]),
      [{ shardId: 's0', wide: true, dense: false }],
    ],
    [
      'a fair range with most of the traffic is dense',
      stream([25, 100], [25, 700], [25, 100], [25, 100]),
      [{ shardId: 's1', wide: false, dense: true }],
    ],
    [
      'what is refused counts as offered',
      stream([50, 1000, 4000], [50, 1000]),
      [{ shardId: 's0', wide: false, dense: true }],
    ],
    [
      'a wide range may be dense besides',
      stream([50, 900], [25, 150], [25, 150]),
      [{ shardId: 's0', wide: true, dense: true }],
    ],
    [
      'two hot keys are seen in their shards',
      stream([20, 100], [20, 900], [20, 100], [20, 800], [20, 100]),
      [
        { shardId: 's1', wide: false, dense: true },
        { shardId: 's3', wide: false, dense: true },
      ],
    ],
    ['a handful of records is uneven by chance', stream([25, 1], [25, 9], [25, 2], [25, 1]), []],
    [
      'so are a few long ones',
      stream([50, 6], [50, 2]).map((shard) => ({
        ...shard,
        traffic: shard.traffic && { ...shard.traffic, bytesPerSecond: shard.votesPerSecond * 100_000 },
      })),
      [],
    ],
    [
      'one shard near its limit has none to be compared with',
      stream([100, 800]),
      [{ shardId: 's0', wide: false, dense: true }],
    ],
    ['one shard with room is not hot', stream([100, 790]), []],
    [
      'without metrics by shard, the counted votes tell',
      stream([25, 100], [25, 700], [25, 100], [25, 100]).map((shard) => ({ ...shard, traffic: null })),
      [{ shardId: 's1', wide: false, dense: true }],
    ],
  ])('%s', (_, shards, heat) => {
    expect(heatOf(shards)).toEqual(heat)
  })

  const kindsOf = (shards: ShardReading[], sample?: Sample): string[] =>
    findings(findHeat({ shards, measuredMs: 3_000 }), shards, new Map(sample && [['s0', sample]])).map(
      ({ kind }) => kind,
    )
  const dense = stream([25, 700], [25, 100], [25, 100], [25, 100])

  it('are told apart by a sample of the dense shard', () => {
    expect(kindsOf(dense, celebrity)).toEqual(['hot key'])
    expect(kindsOf(dense, { records: 100, top: { key: 'k7', records: 3 } })).toEqual(['crowded range'])
    expect(kindsOf(dense, { failed: 'Rate exceeded' })).toEqual(['suspected key'])
    expect(kindsOf(dense, { records: 0, top: null })).toEqual(['suspected key'])
    expect(kindsOf(dense)).toEqual(['suspected key'])
    expect(kindsOf(stream([50, 900], [25, 150], [25, 150]), celebrity)).toEqual(['hot shard', 'hot key'])
  })

  it('are told apart in a single shard too, which is just full unless one key fills it', () => {
    const full = stream([100, 1000, 500])
    expect(kindsOf(full, celebrity)).toEqual(['hot key'])
    expect(kindsOf(full, { records: 100, top: { key: 'k7', records: 3 } })).toEqual([])
    expect(kindsOf(full, { failed: 'Rate exceeded' })).toEqual([])
  })

  it('are said with the way to mend them', () => {
    const wide = stream([50, 800], [25, 400], [25, 400])
    const shards = stream([50, 900], [25, 150], [25, 150])
    const [hotShard] = findings(findHeat({ shards: wide, measuredMs: 3_000 }), wide, new Map())
    expect(hotShard && findingText(hotShard, { stream: 'votes', endpoint: undefined })).toBe(
      `Hot shard: s0 gets 50 % of the traffic with 50 % of the hash keys: its range is wide. Split it (aws kinesis split-shard --stream-name votes --shard-to-split s0 --new-starting-hash-key ${all / 4n}), or take the stream to another count, which shares the keys out evenly: npm run shards -- set N.`,
    )
    const hotKey = findings(findHeat({ shards, measuredMs: 3_000 }), shards, new Map([['s0', celebrity]]))[1]
    expect(hotKey && findingText(hotKey, { stream: 'votes', endpoint: undefined })).toContain(
      '90 % of its 10 newest records have the partition key "celebrity". Splitting will not help',
    )
  })

  it('a sample names the most frequent key', () => {
    expect(sampleOf(['a', 'b', 'b', 'c', 'b'])).toEqual({ records: 5, top: { key: 'b', records: 3 } })
    expect(sampleOf([])).toEqual({ records: 0, top: null })
  })
})
