import type { GetRecordsOutput } from '@aws-sdk/client-kinesis'
import { expect } from 'vitest'
import { clockPasses, firstShard, iteratorOf, keysRead, putEach, recordsFrom } from '../reading.ts'
import { refused } from '../refusal.ts'
import { type Rule, until } from '../rule.ts'

export const readRules: readonly Rule[] = [
  {
    fact: 'a record is read as it was put, with its number and the time of its arrival',
    aws: 'API_Record: SequenceNumber, Data, PartitionKey, ApproximateArrivalTimestamp: "The approximate time that the record was inserted into the stream."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const Data = Uint8Array.from(Array.from({ length: 256 }, (_, byte) => byte))
      const before = Date.now()
      const { SequenceNumber } = await kinesis.putRecord({ StreamName, PartitionKey: 'chave ü', Data })
      const read = await recordsFrom(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      expect(read).toMatchObject([{ SequenceNumber, PartitionKey: 'chave ü' }])
      expect([...(read[0]?.Data ?? [])]).toEqual([...Data])
      const arrival = read[0]?.ApproximateArrivalTimestamp?.getTime() ?? 0
      const approximatelyMs = 60_000
      expect(Math.abs(arrival - before)).toBeLessThan(approximatelyMs)
    },
  },
  {
    fact: 'an arrival time has milliseconds',
    aws: 'GetRecords: "The time stamp has millisecond precision."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      // All ten in whole seconds by chance: never, in human terms.
      for (let at = 0; at < 10; at += 1) {
        await putEach(kinesis, StreamName, [String(at)])
        await clockPasses(Date.now() + 1)
      }
      const read = await recordsFrom(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      const milliseconds = read.map((record) => (record.ApproximateArrivalTimestamp?.getTime() ?? 0) % 1000)
      expect(milliseconds.filter((ms) => ms > 0).length).toBeGreaterThan(0)
    },
  },
  {
    fact: 'on the wire data is base64 and a time is a number of seconds',
    aws: 'API_Record, Data: "Type: Base64-encoded binary data object"; ApproximateArrivalTimestamp: "Type: Timestamp"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, ['ana'])
      const ShardIterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      const [record] = JSON.parse(String((await kinesis.post('GetRecords', { ShardIterator })).body)).Records
      expect(record.Data).toBe('YW5h')
      expect(Math.abs(record.ApproximateArrivalTimestamp - Date.now() / 1000)).toBeLessThan(60)
    },
  },
  {
    fact: 'an empty shard gives no records and an iterator to go on with',
    aws: 'GetRecords: "If there are no records available in the portion of the shard that the iterator points to, GetRecords returns an empty list."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const ShardIterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      const first = await kinesis.getRecords({ ShardIterator })
      expect(first).toMatchObject({ Records: [], NextShardIterator: expect.any(String) })
      await putEach(kinesis, StreamName, ['a'])
      const second = await kinesis.getRecords({ ShardIterator: first.NextShardIterator })
      expect(second.Records).toHaveLength(1)
    },
  },
  {
    fact: 'a limit is the most that is read at once, and reading on gives each record once and in order',
    aws: 'GetRecords, Limit: "The maximum number of records to return."; "call GetRecords in a loop"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const keys = ['a', 'b', 'c', 'd', 'e']
      await putEach(kinesis, StreamName, keys)
      const read: (string | undefined)[] = []
      let ShardIterator: string | undefined = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      await until(async () => {
        const answer = await kinesis.getRecords({ ShardIterator, Limit: 2 })
        expect(answer.Records?.length).toBeLessThanOrEqual(2)
        read.push(...(answer.Records ?? []).map(({ PartitionKey }) => PartitionKey))
        ShardIterator = answer.NextShardIterator
        return read.length >= keys.length
      })
      expect(read).toEqual(keys)
    },
  },
  {
    fact: 'an iterator can be read from again',
    aws: 'GetRecords, ShardIterator: "The position in the shard from which you want to start sequentially reading data records."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, ['a', 'b'])
      const iterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      const first = await recordsFrom(kinesis, iterator)
      expect(await recordsFrom(kinesis, iterator)).toEqual(first)
      expect(await keysRead(kinesis, StreamName, 'TRIM_HORIZON')).toEqual(['a', 'b'])
    },
  },
  {
    fact: 'a limit is of 1 to 10,000 records',
    aws: 'GetRecords, Limit: "If you specify a value that is greater than 10,000, GetRecords throws InvalidArgumentException." (kinesalite observed ValidationException, the type of a value out of its bounds)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const ShardIterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      await kinesis.getRecords({ ShardIterator, Limit: 10_000 })
      for (const Limit of [0, 10_001])
        await refused(
          kinesis.getRecords({ ShardIterator, Limit }),
          'InvalidArgumentException',
          'ValidationException',
        )
    },
  },
  {
    fact: 'a reader at the tip is told that it is 0 ms behind',
    aws: 'GetRecords, MillisBehindLatest: "A value of zero indicates that record processing is caught up, and there are no new records to process at this moment."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, ['a'])
      let ShardIterator: string | undefined = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      for (let reads = 0; reads < 2; reads += 1) {
        const answer: GetRecordsOutput = await kinesis.getRecords({ ShardIterator })
        expect(answer.MillisBehindLatest).toBe(0)
        ShardIterator = answer.NextShardIterator
      }
    },
  },
  {
    fact: 'a reader with records before it is told how far behind it is',
    aws: 'GetRecords, MillisBehindLatest: "The number of milliseconds the GetRecords response is from the tip of the stream, indicating how far behind current time the consumer is."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      for (const key of ['a', 'b']) {
        await putEach(kinesis, StreamName, [key])
        await clockPasses(Date.now() + 20)
      }
      const ShardIterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      const answer = await kinesis.getRecords({ ShardIterator, Limit: 1 })
      expect(answer.Records).toHaveLength(1)
      expect(answer.MillisBehindLatest).toBeGreaterThan(0)
    },
  },
  {
    fact: 'an iterator that was made up or changed is refused',
    aws: 'GetRecords, errors: InvalidArgumentException; iterators come from GetShardIterator and GetRecords',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const iterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      const middle = Math.floor(iterator.length / 2)
      const changed = iterator[middle] === 'A' ? 'B' : 'A'
      for (const ShardIterator of [
        'iterator',
        iterator.slice(0, -8),
        iterator.slice(0, middle) + changed + iterator.slice(middle + 1),
      ])
        await refused(kinesis.getRecords({ ShardIterator }), 'InvalidArgumentException')
    },
  },
  {
    fact: 'an iterator has 1 to 512 characters',
    aws: 'GetRecords, ShardIterator: "Length Constraints: Minimum length of 1. Maximum length of 512."',
    check: async (kinesis) => {
      for (const ShardIterator of ['', 'A'.repeat(513)])
        await refused(kinesis.getRecords({ ShardIterator }), 'ValidationException')
    },
  },
  {
    fact: 'an iterator does not outlive its stream',
    aws: 'DeleteStream: "If an application attempts to operate on a deleted stream, it receives the exception ResourceNotFoundException."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const ShardIterator = await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON')
      await kinesis.deleteStream({ StreamName })
      await until(() =>
        kinesis.describeStreamSummary({ StreamName }).then(
          () => false,
          () => true,
        ),
      )
      await refused(kinesis.getRecords({ ShardIterator }), 'ResourceNotFoundException')
    },
  },
  {
    fact: 'an iterator reads its own shard only',
    aws: 'API_Shard: "A uniquely identified group of data records in a Kinesis data stream."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      const keys = Array.from({ length: 12 }, (_, at) => `key-${at}`)
      const receipts = await putEach(kinesis, StreamName, keys)
      const inFirst = keys.filter((_, at) => receipts[at]?.ShardId === firstShard)
      expect(inFirst.length).toBeLessThan(keys.length)
      expect(await keysRead(kinesis, StreamName, 'TRIM_HORIZON')).toEqual(inFirst)
    },
  },
]
