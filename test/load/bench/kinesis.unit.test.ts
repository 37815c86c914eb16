import { expect, test } from 'vitest'
import { benchKinesis, type KinesisPress, pageRecords, tallyComplaint } from '../../../load/bench/kinesis.ts'
import type { KinesisAppend } from '../../../load/bench/kinesis-append.ts'
import {
  addTallies,
  benchRecord,
  emptyTally,
  type RecordTally,
  recordBytes,
  withRecord,
} from '../../../load/bench/kinesis-record.ts'
import { kinesisMarkdown, shortfalls } from '../../../load/bench/kinesis-report.ts'

const settings = { rounds: 3, seconds: 10, warmUpSeconds: 1, shards: 4 }

/** Two servers of which ours is four times as fast; `lose` says what becomes of the records a stream holds. */
const bench = async (lose: (stored: RecordTally, side: string) => RecordTally = (stored) => stored) => {
  const calls: string[] = []
  const held = new Map<string, RecordTally>()
  let streams = 0
  const press: KinesisPress = {
    createStream: async (side, shardCount) => {
      streams += 1
      return { side, name: `s${streams}`, shards: Array.from({ length: shardCount }, (_, n) => `${n}`) }
    },
    deleteStream: async ({ name }) => {
      held.delete(name)
    },
    press: async ({ side, name, shards }, operation, seconds) => {
      calls.push(`${operation} ${side} ${shards.length} shards ${seconds} s`)
      const tally = operation === 'GetRecords' ? emptyTally : { records: 100, sum: 7 }
      if (operation !== 'GetRecords') held.set(name, tally)
      const isOurs = side === 'placar'
      return {
        requests: 10,
        records: 100,
        recordsPerSecond: isOurs ? 400 : 100,
        serverCpuMs: isOurs ? 10 : 50,
        tally,
      }
    },
    fill: async ({ name }, records) => {
      const tally = { records, sum: 9 }
      held.set(name, tally)
      return tally
    },
    readBack: async ({ name, side }) => lose(held.get(name) ?? emptyTally, side),
  }
  return { report: await benchKinesis(settings, press, () => {}), calls, streamsLeft: held.size }
}

const append: KinesisAppend = {
  records: 1_000_000,
  seconds: 2,
  found: 1_000_000,
  usage: [
    { records: 0, cpuMs: 1, rss: 90e6, heapUsed: 9e6 },
    { records: 1_000_000, cpuMs: 2_001, rss: 140e6, heapUsed: 7e6 },
  ],
}
const nothingAsked = { PutRecords: 0, GetRecords: 0, PutRecord: 0, appended: 0 }

test('the servers take turns at each kind of request, after a warm-up that is not measured', async () => {
  const { report, calls, streamsLeft } = await bench()
  const both = (operation: string, shards: number, seconds: number): string[] =>
    ['placar', 'kinesalite'].map((side) => `${operation} ${side} ${shards} shards ${seconds} s`)
  const turns = (operation: string, shards: number): string[] => [
    ...both(operation, shards, 1),
    ...[1, 2, 3].flatMap(() => both(operation, shards, 10)),
  ]
  expect(calls).toEqual([...turns('PutRecords', 4), ...turns('GetRecords', 1), ...turns('PutRecord', 4)])
  expect(report.operations.map(({ rounds }) => rounds.length)).toEqual([3, 3, 3])
  expect(report.operations[0]?.summary).toEqual({
    placar: 400,
    kinesalite: 100,
    ratio: { median: 4, least: 4, most: 4 },
    cpuMs: { placar: 1, kinesalite: 5 },
  })
  expect(streamsLeft).toBe(0)
})

test('all that is stored is read back, by both servers', async () => {
  const { report } = await bench()
  const putTurns = 2 * 2 * (settings.rounds + 1)
  expect(report).toMatchObject({ readBack: putTurns * 100 + 2 * 5 * pageRecords, failures: [] })
})

test('a record that is lost fails the benchmark, and so does one that is not as it was written', async () => {
  const lost = await bench((stored, side) =>
    side === 'placar' && stored.records === 100 ? { ...stored, records: 99 } : stored,
  )
  expect(lost.report.failures).toContain('placar: 100 records were acknowledged, 99 were read back')
  const changed = await bench((stored, side) => (side === 'kinesalite' ? { ...stored, sum: 1 } : stored))
  expect(changed.report.failures).toContain(
    'kinesalite: the 100 records that were read back are not those that were written',
  )
})

test('records are the same in whatever order they are read, and in no other place or form', () => {
  const [one, two] = [benchRecord('c0', 1), benchRecord('c0', 2)]
  const at = (n: number) => ({ ShardId: 'shard', SequenceNumber: String(n) })
  const stored = withRecord(withRecord(emptyTally, at(1), one), at(2), two)
  const readBack = addTallies(withRecord(emptyTally, at(2), two), withRecord(emptyTally, at(1), one))
  expect(tallyComplaint(stored, readBack)).toBeUndefined()
  const swapped = withRecord(withRecord(emptyTally, at(2), one), at(1), two)
  expect(tallyComplaint(stored, swapped)).toMatch(/not those that were written/)
  const otherData = { PartitionKey: one.PartitionKey, Data: two.Data }
  expect(withRecord(emptyTally, at(1), otherData)).not.toEqual(withRecord(emptyTally, at(1), one))
})

test('a record has 200 bytes, which no other has', () => {
  expect(benchRecord('c0', 7).Data).toHaveLength(recordBytes)
  expect(benchRecord('c0', 7)).toEqual(benchRecord('c0', 7))
  expect(benchRecord('c0', 7).Data).not.toEqual(benchRecord('c1', 7).Data)
})

test('the text has the medians, the CPU time of the servers and the memory', async () => {
  const text = kinesisMarkdown((await bench()).report, append, 'somewhere')
  expect(text).toMatch(/^somewhere\n/)
  expect(text).toContain(
    '| GetRecords, pages of 10,000 × 200 B | 400 | 100 | 4.00 (4.00 to 4.00) | 1.00 ms | 5.00 ms | 5.00 |',
  )
  expect(text).toContain('| server CPU a request, Placar | server CPU a request, kinesalite | ratio |')
  expect(text).toContain('500,000 records/s, 1,000,000 records of 200 B in 2.0 s; 2.0 µs of CPU time each')
  expect(text).toContain('| 1,000,000 | 140.0 | 7.0 |')
  expect(text).toContain('PutRecords, ratio at least 5.00; 4.00: **missed**')
  expect(text).toContain('GetRecords, ratio at least 4.00; 4.00: reached')
  expect(text).toContain('records/s appended in process at least 300,000; 500,000: reached')
  expect(text).toMatch(/PASSED/)
})

test('what falls short of what was asked for is a failure, and what just reaches it is not', async () => {
  const { report } = await bench()
  const reached = { PutRecords: 4, GetRecords: 4, PutRecord: 4, appended: 500_000 }
  expect(shortfalls(report, append, reached)).toEqual([])
  expect(shortfalls(report, append, { ...reached, PutRecord: 4.1, appended: 500_001 })).toEqual([
    'PutRecord: the median ratio is 4.00, at least 4.1 required',
    '500,000 records/s appended, at least 500,001 required',
  ])
})

test('a record that the log in process has lost is a failure', async () => {
  const { report } = await bench()
  expect(shortfalls(report, { ...append, found: 999_999 }, nothingAsked)).toEqual([
    '1000000 records were appended, 999999 were read back',
  ])
  const failed = kinesisMarkdown({ ...report, failures: ['something'] }, append, '')
  expect(failed).toMatch(/FAILED: something\./)
  expect(failed).not.toMatch(/PASSED/)
})
