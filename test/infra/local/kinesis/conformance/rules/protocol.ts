import { expect } from 'vitest'
import { otherDecode, otherEncode } from '../../../aws/other-cbor.ts'
import { iteratorOf } from '../reading.ts'
import type { Rule, RuleClient } from '../rule.ts'

/** Status and error of a refused request. */
const refusalOf = async (kinesis: RuleClient, action: string, input: object | string) => {
  const { status, body } = await kinesis.post(action, input)
  const text = String(body)
  expect(text, 'the body of a refusal').toMatch(/^\{/)
  const { __type = '', message }: { __type?: string; message?: string } = JSON.parse(text)
  // Some services of AWS put a namespace before the type.
  return { status, type: __type.replace(/^.*#/, ''), message }
}

/** A record that was put and read in CBOR. */
const recordsInCbor = async (kinesis: RuleClient) => {
  const StreamName = await kinesis.newStream()
  const post = async (action: string, input: object) => {
    const contentType = 'application/x-amz-cbor-1.1'
    const answer = await kinesis.post(action, Uint8Array.from(otherEncode(input)), contentType)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, contentType])
    return otherDecode(answer.body)
  }
  await post('PutRecord', { StreamName, PartitionKey: 'k', Data: Buffer.from('ana') })
  const ShardIterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
  const { Records } = (await post('GetRecords', { ShardIterator })) as { Records: Record<string, unknown>[] }
  expect(Records).toHaveLength(1)
  return Records
}

export const protocolRules: readonly Rule[] = [
  {
    fact: 'an action that does not exist is unknown',
    aws: 'common errors: UnknownOperationException, "The action or operation requested is not valid."',
    check: async (kinesis) => {
      const { status, type } = await refusalOf(kinesis, 'CountVotes', {})
      expect([status, type]).toEqual([400, 'UnknownOperationException'])
    },
  },
  {
    fact: 'a body that is no JSON cannot be read',
    aws: 'SerializationException, status 400 (observed by kinesalite)',
    check: async (kinesis) => {
      for (const body of ['{"StreamName":', 'votes']) {
        const { status, type } = await refusalOf(kinesis, 'DescribeStream', body)
        expect([status, type]).toEqual([400, 'SerializationException'])
      }
    },
  },
  {
    fact: 'a field of the wrong type cannot be read',
    aws: 'SerializationException, status 400 (observed by kinesalite)',
    check: async (kinesis) => {
      for (const input of [
        { StreamName: 7, ShardCount: 1 },
        { StreamName: 'a', ShardCount: 'one' },
        { StreamName: ['a'], ShardCount: 1 },
      ]) {
        const { status, type } = await refusalOf(kinesis, 'CreateStream', input)
        expect([status, type]).toEqual([400, 'SerializationException'])
      }
    },
  },
  {
    fact: 'data that is no base64 cannot be read',
    aws: 'PutRecord, Data: "Base64-encoded binary data object"; SerializationException (observed by kinesalite)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      for (const Data of ['abc', '$$$$']) {
        const { status, type } = await refusalOf(kinesis, 'PutRecord', {
          StreamName,
          PartitionKey: 'k',
          Data,
        })
        expect([status, type]).toEqual([400, 'SerializationException'])
      }
    },
  },
  {
    fact: 'a field that must be there is named when it is not',
    aws: 'ValidationException, "Value null at \'shardIterator\' failed to satisfy constraint: Member must not be null" (observed by kinesalite)',
    check: async (kinesis) => {
      const { status, type, message } = await refusalOf(kinesis, 'GetRecords', {})
      expect([status, type]).toEqual([400, 'ValidationException'])
      expect(message).toBe(
        "1 validation error detected: Value null at 'shardIterator' failed to satisfy constraint: Member must not be null",
      )
    },
  },
  {
    fact: 'a value out of its bounds is quoted, with the rule it breaks',
    aws: "ValidationException, \"1 validation error detected: Value '…' at '…' failed to satisfy constraint: …\" (observed by kinesalite)",
    check: async (kinesis) => {
      const { message } = await refusalOf(kinesis, 'CreateStream', { StreamName: 'a b', ShardCount: 1 })
      expect(message).toBe(
        "1 validation error detected: Value 'a b' at 'streamName' failed to satisfy constraint: " +
          'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
      )
    },
  },
  {
    fact: 'all that is wrong is told at once, in the order of the fields',
    aws: 'ValidationException, "2 validation errors detected: …; …" (observed by kinesalite)',
    check: async (kinesis) => {
      const { message } = await refusalOf(kinesis, 'CreateStream', { StreamName: 'a b', ShardCount: 0 })
      expect(message).toBe(
        "2 validation errors detected: Value '0' at 'shardCount' failed to satisfy constraint: " +
          "Member must have value greater than or equal to 1; Value 'a b' at 'streamName' failed to satisfy " +
          'constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
      )
    },
  },
  {
    fact: 'a stream that is not there is named with its account',
    aws: 'ResourceNotFoundException, "Stream … under account … not found." (observed by kinesalite and others)',
    check: async (kinesis) => {
      const { message } = await refusalOf(kinesis, 'DescribeStream', { StreamName: 'nobody-made-this' })
      expect(message).toMatch(/^Stream nobody-made-this under account \d{12} not found\.$/)
    },
  },
  {
    fact: 'what an action does not know is passed over',
    aws: 'unknown members are ignored (AWS JSON 1.1 protocol, Smithy: "Clients and servers MUST ignore unknown members")',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const { status } = await kinesis.post('DescribeStreamSummary', { StreamName, Weather: 'fine' })
      expect(status).toBe(200)
    },
  },
  {
    fact: 'null counts as left out',
    aws: 'an optional parameter that is null is not given (API reference, "unset (null)", DeleteStream)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const { status } = await kinesis.post('DescribeStream', { StreamName, Limit: null })
      expect(status).toBe(200)
    },
  },
  {
    fact: 'an answer has the content type of its request and the id of the request',
    aws: 'AWS JSON 1.1 protocol: "application/x-amz-json-1.1"; x-amzn-RequestId (observed by kinesalite)',
    check: async (kinesis) => {
      const { status, headers } = await kinesis.post('ListStreams', {})
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('application/x-amz-json-1.1')
      expect(headers.get('x-amzn-requestid')).toMatch(/./)
    },
  },
  {
    fact: 'an action without output answers an empty body',
    aws: '"If the action is successful, the service sends back an HTTP 200 response with an empty HTTP body."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const { status, body } = await kinesis.post('AddTagsToStream', { StreamName, Tags: { a: 'b' } })
      expect([status, String(body)]).toEqual([200, ''])
    },
  },
  {
    fact: 'CBOR is spoken beside JSON, and data is bytes there',
    aws: 'application/x-amz-cbor-1.1, which the SDKs for Java speak to Kinesis (seen on AWS by kinesalite)',
    check: async (kinesis) => {
      const [record] = await recordsInCbor(kinesis)
      expect(record).toMatchObject({ PartitionKey: 'k', Data: Buffer.from('ana') })
    },
  },
  {
    fact: 'in CBOR a time is a tagged number of milliseconds',
    aws: 'aws-sdk-java-v2, AwsCborProtocolFactory: timestamps are read as UNIX_TIMESTAMP_MILLIS',
    check: async (kinesis) => {
      const [record] = await recordsInCbor(kinesis)
      const { tag1 } = Object(record?.ApproximateArrivalTimestamp)
      expect(Math.abs(Number(tag1) - Date.now())).toBeLessThan(60_000)
    },
  },
]
