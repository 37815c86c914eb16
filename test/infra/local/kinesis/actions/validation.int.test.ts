import { expect, test } from 'vitest'
import { openCaller } from './call-kinesis.ts'

const long = 'a'.repeat(129)
const name = 'failed to satisfy constraint: Member must'

/** Requests and what AWS finds wrong with them, in its order (as Kinesalite's tests recorded it from AWS). */
const invalid: [action: string, input: object, errors: string[]][] = [
  ['CreateStream', {}, [`Value null at 'streamName' ${name} not be null`]],
  [
    'CreateStream',
    { StreamName: '', ShardCount: 0 },
    [
      `Value '0' at 'shardCount' ${name} have value greater than or equal to 1`,
      `Value '' at 'streamName' ${name} satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
      `Value '' at 'streamName' ${name} have length greater than or equal to 1`,
    ],
  ],
  [
    'CreateStream',
    { StreamName: 's', StreamModeDetails: { StreamMode: 'FREE' } },
    [
      `Value 'FREE' at 'streamModeDetails.streamMode' ${name} satisfy enum value set: [PROVISIONED, ON_DEMAND]`,
    ],
  ],
  [
    'DeleteStream',
    { StreamName: long },
    [`Value '${long}' at 'streamName' ${name} have length less than or equal to 128`],
  ],
  [
    'DescribeStream',
    { StreamName: 's s', Limit: 100_000 },
    [
      `Value '100000' at 'limit' ${name} have value less than or equal to 10000`,
      `Value 's s' at 'streamName' ${name} satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
    ],
  ],
  ['GetRecords', {}, [`Value null at 'shardIterator' ${name} not be null`]],
  [
    'GetRecords',
    { ShardIterator: '', Limit: 0 },
    [
      `Value '0' at 'limit' ${name} have value greater than or equal to 1`,
      `Value '' at 'shardIterator' ${name} have length greater than or equal to 1`,
    ],
  ],
  [
    'GetShardIterator',
    { StreamName: '', ShardIteratorType: '', ShardId: '', StartingSequenceNumber: '' },
    [
      `Value '' at 'shardId' ${name} satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
      `Value '' at 'shardId' ${name} have length greater than or equal to 1`,
      `Value '' at 'shardIteratorType' ${name} satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]`,
      `Value '' at 'startingSequenceNumber' ${name} satisfy regular expression pattern: 0|([1-9]\\d{0,128})`,
      `Value '' at 'streamName' ${name} satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
      `Value '' at 'streamName' ${name} have length greater than or equal to 1`,
    ],
  ],
  [
    'PutRecord',
    { StreamName: 's', PartitionKey: 'k'.repeat(257), ExplicitHashKey: '01', Data: '' },
    [
      `Value '${'k'.repeat(257)}' at 'partitionKey' ${name} have length less than or equal to 256`,
      `Value '01' at 'explicitHashKey' ${name} satisfy regular expression pattern: 0|([1-9]\\d{0,38})`,
    ],
  ],
  [
    'PutRecord',
    { StreamName: 's' },
    [`Value null at 'partitionKey' ${name} not be null`, `Value null at 'data' ${name} not be null`],
  ],
  [
    'PutRecords',
    { StreamName: '', Records: [] },
    [
      `Value '[]' at 'records' ${name} have length greater than or equal to 1`,
      `Value '' at 'streamName' ${name} satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
      `Value '' at 'streamName' ${name} have length greater than or equal to 1`,
    ],
  ],
  [
    'PutRecords',
    { StreamName: 's', Records: [{ PartitionKey: 'k', Data: '' }, { PartitionKey: '' }] },
    [
      `Value '' at 'records.2.member.partitionKey' ${name} have length greater than or equal to 1`,
      `Value null at 'records.2.member.data' ${name} not be null`,
    ],
  ],
  [
    'ListShards',
    { StreamName: 's', ShardFilter: {} },
    [`Value null at 'shardFilter.type' ${name} not be null`],
  ],
]

test.each(invalid)('%s %j is invalid', async (action, input, errors) => {
  const { call } = await openCaller()
  const count = `${errors.length} validation error${errors.length > 1 ? 's' : ''} detected: `
  expect(await call(action, input)).toEqual({
    status: 400,
    body: { __type: 'ValidationException', message: count + errors.join('; ') },
  })
})

const unserializable: [action: string, input: object, message: string | undefined][] = [
  ['CreateStream', { StreamName: 5 }, 'NUMBER_VALUE can not be converted to a String'],
  ['CreateStream', { ShardCount: '5' }, 'STRING_VALUE can not be converted to an Integer'],
  ['CreateStream', { ShardCount: true }, 'TRUE_VALUE can not be converted to an Integer'],
  ['CreateStream', { StreamName: [] }, 'Start of list found where not expected'],
  ['CreateStream', { StreamName: {} }, 'Start of structure or map found where not expected.'],
  ['CreateStream', { StreamModeDetails: 'x' }, 'Expected null'],
  ['PutRecords', { Records: 'x' }, 'Expected list or null'],
  ['PutRecords', { Records: {} }, 'Start of structure or map found where not expected.'],
  ['PutRecords', { Records: [['x']] }, 'Start of list found where not expected'],
  ['PutRecord', { Data: false }, 'FALSE_VALUE can not be converted to a Blob'],
  [
    'PutRecord',
    { Data: '23456' },
    "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
  ],
  ['PutRecord', { Data: '=+/=' }, "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
  ['PutRecord', { Data: 'ab-_' }, "'ab-_' can not be converted to a Blob: Invalid Base64 character: '-'"],
  [
    'PutRecord',
    { Data: '+/+=' },
    "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
  ],
  ['GetShardIterator', { Timestamp: 'now' }, 'STRING_VALUE can not be converted to milliseconds since epoch'],
  ['DeleteStream', { EnforceConsumerDeletion: 1 }, 'NUMBER_VALUE can not be converted to a Boolean'],
]

test.each(unserializable)('%s %j cannot be read', async (action, input, Message) => {
  const { call } = await openCaller()
  expect(await call(action, input)).toEqual({
    status: 400,
    body: { __type: 'SerializationException', Message },
  })
})

test('types are checked before anything else', async () => {
  const { call } = await openCaller()
  const { body } = await call('GetRecords', { ShardIterator: '', Limit: 'x' })
  expect(body.__type).toBe('SerializationException')
})

test('null counts as absent, and unknown fields are passed over', async () => {
  const { call } = await openCaller()
  const { status } = await call('ListStreams', {
    Limit: null,
    ExclusiveStartStreamName: null,
    Unknown: { a: 1 },
  })
  expect(status).toBe(200)
})

test('ten errors are listed at most', async () => {
  const { call } = await openCaller()
  const { body } = await call('PutRecords', { StreamName: 's', Records: Array(20).fill({}) })
  expect(body.message).toMatch(/^10 validation errors detected: /)
  expect(body.message?.split('; ')).toHaveLength(10)
})

test('an action that is not there is unknown', async () => {
  const { call } = await openCaller()
  for (const action of ['Nothing', 'toString', '__proto__'])
    expect((await call(action, {})).body.__type).toBe('UnknownOperationException')
})
