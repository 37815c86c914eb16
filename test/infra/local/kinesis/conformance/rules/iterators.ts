import { expect } from 'vitest'
import { clockPasses, firstShard, iteratorOf, keysRead, putEach, recordsFrom } from '../reading.ts'
import { refused } from '../refusal.ts'
import type { Rule } from '../rule.ts'
import { allHashKeys, shardName, shardsOf } from '../shards.ts'

const keys = ['a', 'b', 'c']

export const iteratorRules: readonly Rule[] = [
  {
    fact: 'TRIM_HORIZON begins with the oldest record',
    aws: 'GetShardIterator: "TRIM_HORIZON - Start reading at the last untrimmed record in the shard in the system, which is the oldest data record in the shard."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, keys)
      expect(await keysRead(kinesis, StreamName, 'TRIM_HORIZON')).toEqual(keys)
    },
  },
  {
    fact: 'LATEST begins after the newest record, with what is put later',
    aws: 'GetShardIterator: "LATEST - Start reading just after the most recent record in the shard"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, ['before'])
      const latest = await iteratorOf(kinesis, StreamName, 'LATEST')
      await putEach(kinesis, StreamName, keys)
      const read = await recordsFrom(kinesis, latest)
      expect(read.map(({ PartitionKey }) => PartitionKey)).toEqual(keys)
    },
  },
  {
    fact: 'AT_SEQUENCE_NUMBER begins with a record, AFTER_SEQUENCE_NUMBER behind it',
    aws: 'GetShardIterator: "Start reading from the position denoted by a specific sequence number" and "right after the position"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const [, second] = await putEach(kinesis, StreamName, keys)
      const start = { StartingSequenceNumber: second?.SequenceNumber }
      expect(await keysRead(kinesis, StreamName, 'AT_SEQUENCE_NUMBER', start)).toEqual(['b', 'c'])
      expect(await keysRead(kinesis, StreamName, 'AFTER_SEQUENCE_NUMBER', start)).toEqual(['c'])
    },
  },
  {
    fact: "a shard's own starting sequence number is a place to begin at",
    aws: 'GetShardIterator: "using sequence numbers returned by earlier calls to PutRecord, PutRecords, GetRecords, or DescribeStream"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, keys)
      const [shard] = await shardsOf(kinesis, StreamName)
      const start = { StartingSequenceNumber: shard?.SequenceNumberRange?.StartingSequenceNumber }
      expect(await keysRead(kinesis, StreamName, 'AT_SEQUENCE_NUMBER', start)).toEqual(keys)
      expect(await keysRead(kinesis, StreamName, 'AFTER_SEQUENCE_NUMBER', start)).toEqual(keys)
    },
  },
  {
    fact: 'AT_TIMESTAMP begins with the first record at a time or later',
    aws: 'GetShardIterator, Timestamp: "If a record with this exact time stamp does not exist, the iterator returned is for the next (later) record."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, ['a'])
      await clockPasses(Date.now() + 5)
      const between = new Date()
      await clockPasses(between.getTime() + 5)
      await putEach(kinesis, StreamName, ['b', 'c'])
      expect(await keysRead(kinesis, StreamName, 'AT_TIMESTAMP', { Timestamp: between })).toEqual(['b', 'c'])
      const read = await recordsFrom(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      const Timestamp = read[1]?.ApproximateArrivalTimestamp ?? new Date(0)
      expect((await keysRead(kinesis, StreamName, 'AT_TIMESTAMP', { Timestamp }))[0]).toBe('b')
    },
  },
  {
    fact: 'AT_TIMESTAMP before the oldest record begins with that one',
    aws: 'GetShardIterator, Timestamp: "If the time stamp is older than the current trim horizon, the iterator returned is for the oldest untrimmed data record (TRIM_HORIZON)."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, keys)
      const Timestamp = new Date(1000)
      expect(await keysRead(kinesis, StreamName, 'AT_TIMESTAMP', { Timestamp })).toEqual(keys)
    },
  },
  {
    fact: 'AT_TIMESTAMP behind the newest record begins with what is put later',
    aws: 'GetShardIterator, Timestamp: "the iterator returned is for the next (later) record"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await putEach(kinesis, StreamName, ['before'])
      await clockPasses(Date.now() + 2)
      const Timestamp = new Date()
      await clockPasses(Timestamp.getTime() + 2)
      const behind = await iteratorOf(kinesis, StreamName, 'AT_TIMESTAMP', { Timestamp })
      await putEach(kinesis, StreamName, keys)
      const read = await recordsFrom(kinesis, behind)
      expect(read.map(({ PartitionKey }) => PartitionKey)).toEqual(keys)
    },
  },
  {
    fact: 'AT_TIMESTAMP needs a time, and not one to come',
    aws: 'GetShardIterator, errors: InvalidArgumentException (observed for both by kinesalite)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await refused(iteratorOf(kinesis, StreamName, 'AT_TIMESTAMP'), 'InvalidArgumentException')
      const Timestamp = new Date(Date.now() + 3_600_000)
      await refused(
        iteratorOf(kinesis, StreamName, 'AT_TIMESTAMP', { Timestamp }),
        'InvalidArgumentException',
      )
    },
  },
  {
    fact: 'a sequence number is given for the two types that need one, and for them only',
    aws: 'GetShardIterator, StartingSequenceNumber: "Used with shard iterator type AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER." (the refusal of others observed by kinesalite)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const [first] = await putEach(kinesis, StreamName, ['a'])
      for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const)
        await refused(iteratorOf(kinesis, StreamName, type), 'InvalidArgumentException')
      const start = { StartingSequenceNumber: first?.SequenceNumber }
      for (const type of ['TRIM_HORIZON', 'LATEST'] as const)
        await refused(iteratorOf(kinesis, StreamName, type, start), 'InvalidArgumentException')
    },
  },
  {
    fact: 'a sequence number of another shard or stream is refused',
    aws: 'GetShardIterator, errors: InvalidArgumentException; API_Record: "The unique identifier of the record within its shard." (observed by kinesalite)',
    check: async (kinesis) => {
      const [StreamName, other] = [await kinesis.newStream(2), await kinesis.newStream(1)]
      const put = (name: string, ExplicitHashKey: string) =>
        kinesis.putRecord({ StreamName: name, PartitionKey: 'k', ExplicitHashKey, Data: Buffer.from('x') })
      const upper = await put(StreamName, String(allHashKeys - 1n))
      expect(upper.ShardId).toBe(shardName(1))
      const start = { StartingSequenceNumber: upper.SequenceNumber }
      await refused(iteratorOf(kinesis, StreamName, 'AT_SEQUENCE_NUMBER', start), 'InvalidArgumentException')
      await refused(iteratorOf(kinesis, other, 'AT_SEQUENCE_NUMBER', start), 'InvalidArgumentException')
    },
  },
  {
    fact: 'a sequence number is a decimal number',
    aws: 'GetShardIterator, StartingSequenceNumber: "Pattern: 0|([1-9]\\d{0,128})"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const start = { StartingSequenceNumber: '01' }
      await refused(iteratorOf(kinesis, StreamName, 'AT_SEQUENCE_NUMBER', start), 'ValidationException')
    },
  },
  {
    fact: 'there are five types of iterators',
    aws: 'GetShardIterator, ShardIteratorType: "Valid Values: AT_SEQUENCE_NUMBER | AFTER_SEQUENCE_NUMBER | TRIM_HORIZON | LATEST | AT_TIMESTAMP"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const input = { StreamName, ShardId: firstShard, ShardIteratorType: 'OLDEST' }
      const answer = await kinesis.post('GetShardIterator', input)
      expect(answer.status).toBe(400)
      expect(JSON.parse(String(answer.body)).__type).toBe('ValidationException')
    },
  },
  {
    fact: 'there is no iterator of a shard that is not there',
    aws: 'GetShardIterator, errors: ResourceNotFoundException, "The requested resource could not be found."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const start = { ShardId: shardName(7) }
      await refused(iteratorOf(kinesis, StreamName, 'LATEST', start), 'ResourceNotFoundException')
    },
  },
]
