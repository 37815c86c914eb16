import type { _Record, RejectedRecordsException } from '@aws-sdk/client-timestream-write'
import { expect, test } from 'vitest'
import { openEngine, openSdk, start } from './open-timestream.ts'

const names = { DatabaseName: 'd', TableName: 't' }
const hourMs = 3_600_000

/** A record of one option. */
const record = (votes: string, more: _Record = {}): _Record => ({
  Dimensions: [{ Name: 'poll', Value: 'final' }],
  MeasureName: 'votes',
  MeasureValueType: 'BIGINT',
  MeasureValue: votes,
  Time: String(start),
  ...more,
})

const openTable = async () => {
  const opened = await openSdk()
  opened.engine.ensureTable('d', 't')
  const write = (Records: _Record[], CommonAttributes?: _Record) =>
    opened.client.writeRecords({ ...names, Records, ...(CommonAttributes ? { CommonAttributes } : {}) })
  /** The records that are rejected. */
  const rejected = async (...records: _Record[]) => {
    const error: RejectedRecordsException = await write(records).then(
      () => expect.unreachable('nothing was rejected'),
      (reason) => reason,
    )
    expect([error.name, error.$metadata.httpStatusCode]).toEqual(['RejectedRecordsException', 419])
    return error.RejectedRecords
  }
  const values = () =>
    [...opened.engine.records('d', 't')].map(({ measures, version }) => [measures, version])
  return { ...opened, write, rejected, values }
}

test('records are written and read back, with what they have in common merged in', async () => {
  const { write, engine } = await openTable()
  const { RecordsIngested } = await write(
    [
      {
        Dimensions: [{ Name: 'name', Value: 'ana' }],
        MeasureValues: [
          { Name: 'votes', Value: '3', Type: 'BIGINT' },
          { Name: 'share', Value: '0.5', Type: 'DOUBLE' },
        ],
      },
      {
        Dimensions: [{ Name: 'name', Value: 'bia' }],
        MeasureValues: [{ Name: 'votes', Value: '4', Type: 'BIGINT' }],
        Time: String(start - 1000),
        Version: 9,
      },
    ],
    {
      Dimensions: [{ Name: 'poll', Value: 'final' }],
      MeasureName: 'votes',
      MeasureValueType: 'MULTI',
      Time: String(start),
      Version: 2,
    },
  )
  expect(RecordsIngested).toEqual({ Total: 2, MemoryStore: 2, MagneticStore: 0 })
  expect([...engine.records('d', 't')]).toEqual([
    {
      timeMs: start - 1000,
      measureName: 'votes',
      dimensions: { name: 'bia', poll: 'final' },
      measures: { votes: '4' },
      version: 9,
    },
    {
      timeMs: start,
      measureName: 'votes',
      dimensions: { name: 'ana', poll: 'final' },
      measures: { votes: '3', share: '0.5' },
      version: 2,
    },
  ])
})

test('a point is another one by time, measure name or any dimension', async () => {
  const { write, values } = await openTable()
  await write([
    record('1'),
    record('2', { Time: String(start - 1) }),
    record('3', { MeasureName: 'other' }),
    record('4', { Dimensions: [{ Name: 'poll', Value: 'semi' }] }),
    record('5', { Dimensions: [] }),
  ])
  expect(values()).toHaveLength(5)
})

test('the same time in any unit is the same point', async () => {
  const { write, values } = await openTable()
  await write([
    record('1', { Time: String(start / 1000), TimeUnit: 'SECONDS' }),
    record('1', { Time: `${start}000`, TimeUnit: 'MICROSECONDS' }),
    record('1', { Time: `${start}000000`, TimeUnit: 'NANOSECONDS' }),
    record('1', { Dimensions: [{ Name: 'poll', Value: 'final' }] }),
  ])
  expect(values()).toEqual([[{ votes: '1' }, 1]])
})

test('a repeat changes nothing; a higher version overwrites; the same value in a higher one only raises it', async () => {
  const { write, values } = await openTable()
  await write([record('5')])
  await write([record('5')])
  expect(values()).toEqual([[{ votes: '5' }, 1]])
  await write([record('6', { Version: 3 })])
  expect(values()).toEqual([[{ votes: '6' }, 3]])
  await write([record('6', { Version: 8 })])
  await write([record('6', { Version: 2 })])
  expect(values()).toEqual([[{ votes: '6' }, 8]])
})

test('another value in the same version or a lower one is rejected in AWS’s words, and the rest is written', async () => {
  const { write, rejected, values } = await openTable()
  await write([record('5', { Version: 4 })])
  const other = { Dimensions: [{ Name: 'poll', Value: 'semi' }] }
  expect(
    await rejected(record('6', { Version: 3 }), record('7', { Version: 4 }), record('8', other)),
  ).toEqual([
    {
      RecordIndex: 0,
      Reason:
        'The record version 3 is lower than the existing version 4. A higher version is required to update the measure value.',
      ExistingVersion: 4,
    },
    {
      RecordIndex: 1,
      Reason:
        'A record already exists with the same time, dimensions, measure name, and record version. A higher record version must be specified in order to update the measure value. Specifying record version is supported by the latest SDKs.',
      ExistingVersion: 4,
    },
  ])
  expect(values()).toEqual([
    [{ votes: '5' }, 4],
    [{ votes: '8' }, 1],
  ])
})

test('the memory store takes six hours back, its start included, and 15 minutes ahead, its end excluded', async () => {
  const { write, rejected, clock } = await openTable()
  const at = (time: number) => record('1', { Time: String(time) })
  await write([at(start - 6 * hourMs), at(start + 900_000 - 1)])
  const range = `[${new Date(start - 6 * hourMs).toISOString()}, ${new Date(start + 900_000).toISOString()})`
  const Reason = `The record timestamp is outside the time range ${range} of the data ingestion window.`
  expect(await rejected(at(start - 6 * hourMs - 1), at(start + 900_000))).toEqual([
    { RecordIndex: 0, Reason },
    { RecordIndex: 1, Reason },
  ])
  clock.now += 1
  expect(await rejected(at(start - 6 * hourMs))).toHaveLength(1)
})

test('a record over a limit is rejected alone', async () => {
  const { rejected, values } = await openTable()
  const measures = Array.from({ length: 257 }, (_, index) => ({
    Name: `m${index}`,
    Value: '1',
    Type: 'BIGINT' as const,
  }))
  const { MeasureValue: _, ...multi } = record('', { MeasureValueType: 'MULTI', MeasureValues: measures })
  const long = record('1', { Dimensions: [{ Name: 'poll', Value: 'x'.repeat(2048) }] })
  expect((await rejected(long, multi, record('1')))?.map(({ Reason }) => Reason)).toEqual([
    'The record is 2058 bytes long; at most 2048 are allowed.',
    'The record has 257 measures; at most 256 are allowed.',
  ])
  expect(values()).toHaveLength(1)
})

const twice = [
  { Name: 'poll', Value: 'a' },
  { Name: 'poll', Value: 'b' },
]
const { MeasureName: _, ...nameless } = record('1')
const { Time: __, ...timeless } = record('1')
const { MeasureValue: ___, ...valueless } = record('1')

test.each<[why: string, records: _Record[]]>([
  ['no record', []],
  ['over 100 records', Array(101).fill(record('1'))],
  ['over 128 dimensions', [record('1', { Dimensions: Array(129).fill({ Name: 'a', Value: 'b' }) })]],
  ['a dimension twice', [record('1', { Dimensions: twice })]],
  ['a dimension called time', [record('1', { Dimensions: [{ Name: 'time', Value: 'a' }] })]],
  [
    'a dimension name over 60 characters',
    [record('1', { Dimensions: [{ Name: 'x'.repeat(61), Value: 'a' }] })],
  ],
  ['no measure name', [nameless]],
  ['no time', [timeless]],
  ['a time that is no number', [record('1', { Time: 'now' })]],
  ['no value', [valueless]],
  ['a value that is no BIGINT', [record('1.5')]],
  ['a BIGINT over 64 bits', [record('9223372036854775808')]],
  ['version 0', [record('1', { Version: 0 })]],
  [
    'measures of a record that is not MULTI',
    [record('1', { MeasureValues: [{ Name: 'a', Value: '1', Type: 'BIGINT' }] })],
  ],
  ['a multi-measure record without measures', [{ ...valueless, MeasureValueType: 'MULTI' }]],
])('a request with %s is refused as a whole', async (_why, records) => {
  const { write, values } = await openTable()
  await expect(write([...records.slice(1), ...records.slice(0, 1)])).rejects.toMatchObject({
    name: 'ValidationException',
    $metadata: { httpStatusCode: 400 },
  })
  expect(values()).toEqual([])
})

test('records for a table that is not there are refused', async () => {
  const { client, engine } = await openSdk()
  const write = () => client.writeRecords({ ...names, Records: [record('1')] })
  await expect(write()).rejects.toThrow('The database d does not exist.')
  engine.createDatabase('d')
  await expect(write()).rejects.toThrow('The table t does not exist.')
  expect([...engine.records('d', 't')]).toEqual([])
})

test('what was written is there after a restart', async () => {
  const { engine, folder } = await openEngine()
  engine.ensureTable('d', 't')
  const table = engine.table('d', 't')
  if (table === undefined) throw new Error('the table is missing')
  const point = {
    dimensions: [],
    measureName: 'votes',
    timeNs: BigInt(start) * 1_000_000n,
    measures: [{ name: 'votes', type: 'BIGINT' as const, value: '7' }],
    version: 1,
  }
  expect(engine.write(table, [point])).toEqual([])
  engine.close()
  const again = await openEngine(folder)
  expect([...again.engine.records('d', 't')]).toMatchObject([{ measures: { votes: '7' }, timeMs: start }])
})
