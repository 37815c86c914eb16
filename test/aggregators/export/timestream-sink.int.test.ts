import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timestreamSink } from '../../../aggregators/export/timestream.sink.ts'
import { noPoll, windowRecords } from '../../../aggregators/export/window-records.ts'
import type { SealedPart } from '../../../aggregators/part.ts'
import type { Tally } from '../../../aggregators/tally.ts'
import { openSdk, start } from '../../infra/local/timestream/open-timestream.ts'
import { chain, labels, sealedParts, smallPart } from './sink-parts.ts'
import { type StubAnswer, stubClient, stubHandler } from './sink-stub.ts'

const names = { database: 'placar', table: 'windows' }
const window = { start: start - 5000, end: start }

const openSink = async () => {
  const { client, engine, clock } = await openSdk()
  engine.ensureTable(names.database, names.table)
  const warnings: object[] = []
  const sink = timestreamSink(client, { ...names, warn: (_, refused) => warnings.push(refused) })
  const stored = () => [...engine.records(names.database, names.table)]
  return { sink, stored, warnings, clock }
}

/** A part whose poll has votes for so many options. */
const partOf = (shard: number, number: number, options: number): SealedPart => {
  const counts = Object.fromEntries(Array.from({ length: options }, (_, index) => [`o${index}`, index + 1]))
  return smallPart(shard, number, { final: { counts, rejected: {} } })
}

test('a part becomes one record per poll and option or reason, at the start of its window', async () => {
  const { sink, stored, warnings } = await openSink()
  const polls: Record<string, Tally> = {
    final: { counts: { ana: 3, bia: 2 }, rejected: { closed: 1 } },
    '-': { counts: {}, rejected: { unknown_option: 4 } },
  }
  const rejected = { closed: 7 }
  const parts = chain('shardId-000000000002', 8, [
    { window, first: '1', last: '2', records: 9, runs: [9], digest: '', polls, rejected },
  ])
  expect(await sink.send(parts)).toEqual(parts)
  expect(warnings).toEqual([])
  const shared = { shard: 'shardId-000000000002', part: '8' }
  const expected = [
    ['final', 'option', 'ana', '3'],
    ['final', 'option', 'bia', '2'],
    ['final', 'rejection', 'closed', '1'],
    ['-', 'rejection', 'unknown_option', '4'],
    [noPoll, 'rejection', 'closed', '7'],
  ].map(([poll, kind, name, votes]) => ({
    timeMs: start - 5000,
    measureName: 'votes',
    dimensions: { ...shared, poll, kind, name },
    measures: { votes, window_ms: '5000' },
    version: 9,
  }))
  expect(stored()).toHaveLength(expected.length)
  expect(stored()).toEqual(expect.arrayContaining(expected))
})

test('whatever is sent, once or again, stands in the table once and adds up', async () => {
  await fc.assert(
    fc.asyncProperty(sealedParts(start - 600_000), async (parts) => {
      const { sink, stored, warnings } = await openSink()
      await sink.send(parts.slice(0, Math.ceil(parts.length / 2)))
      await sink.send(parts)
      const expected = parts.flatMap(windowRecords)
      const points = stored()
      expect(points).toHaveLength(expected.length)
      const votes = points.reduce((sum, { measures }) => sum + Number(measures.votes), 0)
      expect(votes).toBe(expected.reduce((sum, record) => sum + record.votes, 0))
      expect(warnings).toEqual([])
    }),
    { numRuns: 8 },
  )
}, 120_000)

test('records outside the retention are told with their number and reason, and let go', async () => {
  const { sink, stored, warnings, clock } = await openSink()
  clock.now += 7 * 3_600_000
  const parts = [partOf(0, 0, 3), partOf(1, 0, 2)]
  expect(await sink.send(parts)).toEqual(parts)
  expect(stored()).toEqual([])
  expect(warnings).toEqual([{ records: 5, reason: expect.stringContaining('outside the time range') }])
})

test('a point that is there already with a higher version is no loss', async () => {
  const { sink, stored, warnings } = await openSink()
  await sink.send([partOf(0, 4, 1)])
  const counts = { o0: 99 }
  const other = smallPart(0, 4, { final: { counts, rejected: {} } })
  expect(await sink.send([other])).toEqual([other])
  expect(stored().map(({ measures }) => measures.votes)).toEqual(['1'])
  expect(warnings).toEqual([])
})

/** A sink on a service that answers as told. */
const openStub = (answer: (request: number) => StubAnswer) => {
  const { sent, requestHandler } = stubHandler(() => answer(sent.length))
  const client = new TimestreamWriteClient({ ...stubClient, requestHandler })
  const warnings: object[] = []
  return {
    sink: timestreamSink(client, { ...names, warn: (_, refused) => warnings.push(refused) }),
    sent,
    warnings,
  }
}

const throttled = { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } }

test('the parts whose records were all written before the service failed are returned', async () => {
  const { sink, sent } = openStub((request) => (request > 2 ? throttled : { status: 200, body: {} }))
  const parts = [partOf(0, 0, 50), partOf(1, 0, 50), partOf(0, 1, 0), partOf(2, 0, 150), partOf(1, 1, 1)]
  expect(labels(await sink.send(parts))).toEqual(['0:0', '1:0', '0:1'])
  expect(sent).toHaveLength(3)
})

test('a service that is down is thrown', async () => {
  const { sink } = openStub(() => throttled)
  await expect(sink.send([partOf(0, 0, 1)])).rejects.toMatchObject({ name: 'ThrottlingException' })
})

test('refusals are told once per reason and request', async () => {
  const RejectedRecords = [
    { RecordIndex: 0, Reason: 'too old' },
    { RecordIndex: 1, Reason: 'too large' },
    { RecordIndex: 2, Reason: 'too old' },
    { RecordIndex: 3, Reason: 'there', ExistingVersion: 9 },
  ]
  const rejected = {
    status: 419,
    body: { __type: 'RejectedRecordsException', message: 'x', RejectedRecords },
  }
  const { sink, warnings } = openStub(() => rejected)
  const parts = [partOf(0, 0, 4)]
  expect(await sink.send(parts)).toEqual(parts)
  expect(warnings).toEqual([
    { reason: 'too old', records: 2 },
    { reason: 'too large', records: 1 },
  ])
})
