import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timestreamService } from '../../../../infra/local/timestream/actions/timestream-service.ts'
import { openEngine, start } from './open-timestream.ts'

const actions = [
  'DescribeDatabase',
  'DescribeEndpoints',
  'DescribeTable',
  'ListDatabases',
  'ListTables',
  'WriteRecords',
  'WriteRecords',
  'WriteRecords',
]

const typical = fc.constantFrom<unknown>(
  'd',
  't',
  'votes',
  'BIGINT',
  'MULTI',
  'SECONDS',
  '-1',
  String(start),
  1,
)

const names = ['DatabaseName', 'TableName', 'CommonAttributes', 'Records', 'NextToken', 'MaxResults']
const recordNames = ['Dimensions', 'MeasureName', 'MeasureValue', 'MeasureValueType', 'Time', 'Version']
const innerNames = [...recordNames, 'MeasureValues', 'TimeUnit', 'Name', 'Value', 'Type']

const value = (depth: number): fc.Arbitrary<unknown> =>
  depth === 0
    ? fc.oneof(typical, fc.jsonValue({ maxDepth: 1 }))
    : fc.oneof(
        { weight: 3, arbitrary: typical },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
        { weight: 2, arbitrary: fc.array(fields(depth - 1, innerNames), { maxLength: 3 }) },
        { weight: 1, arbitrary: fields(depth - 1, innerNames) },
      )

const fields = (depth: number, of: readonly string[]): fc.Arbitrary<object> =>
  fc.dictionary(fc.constantFrom(...of), value(depth), { maxKeys: 8 })

/** Whole records with odd contents, so that not all is refused for its shape. */
const record = fc.record(
  {
    Dimensions: fc.array(
      fc.record({ Name: fc.string({ unit: 'binary' }), Value: fc.string({ unit: 'binary' }) }),
    ),
    MeasureName: fc.string({ unit: 'binary' }),
    MeasureValueType: fc.constantFrom('VARCHAR', 'BIGINT', 'DOUBLE', 'BOOLEAN', 'TIMESTAMP'),
    MeasureValue: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '+1', '-1', 'true', '1e3')),
    Time: fc.oneof(fc.constant(String(start)), fc.bigInt(0n, 10n ** 19n - 1n).map(String)),
    TimeUnit: fc.constantFrom('SECONDS', 'MILLISECONDS', 'MICROSECONDS', 'NANOSECONDS'),
    Version: fc.integer(),
  },
  { requiredKeys: ['MeasureName', 'MeasureValue', 'Time'] },
)

const asked = fc.oneof(
  fc.tuple(fc.constantFrom(...actions), fields(3, names)),
  fc.tuple(
    fc.constant('WriteRecords'),
    fc.record({
      DatabaseName: fc.constant('d'),
      TableName: fc.constant('t'),
      Records: fc.array(record, { minLength: 1, maxLength: 3 }),
    }),
  ),
)

test('whatever is asked is answered or refused in AWS’s form, and never fails inside', async () => {
  const { engine } = await openEngine()
  engine.ensureTable('d', 't')
  const service = timestreamService(engine)
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(asked, async ([action, input]) => {
      const headers = { 'content-type': 'application/x-amz-json-1.0' }
      const { status, body } = await service.handle(action, Buffer.from(JSON.stringify(input)), headers)
      const { __type } = JSON.parse(String(body))
      seen.add(`${status} ${__type ?? ''}`)
      expect([200, 400, 419]).toContain(status)
      expect(__type === undefined).toBe(status === 200)
    }),
    { numRuns: 1500 },
  )
  expect([...seen]).toEqual(
    expect.arrayContaining([
      '200 ',
      '400 SerializationException',
      '400 ValidationException',
      '400 ResourceNotFoundException',
      '419 RejectedRecordsException',
    ]),
  )
  expect([...engine.records('d', 't')].length).toBeGreaterThan(0)
})
