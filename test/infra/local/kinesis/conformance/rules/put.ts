import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { firstShard, iteratorOf, putEach, recordsFrom } from '../reading.ts'
import { refused } from '../refusal.ts'
import type { Rule, RuleClient } from '../rule.ts'
import { allHashKeys, rangeOf, shardName, shardsOf } from '../shards.ts'

const Data = Buffer.from('x')
const mebibyte = 1024 * 1024

/** Which shard the rule of the MD5 sends a key to. */
const shardByMd5 = async (kinesis: RuleClient, StreamName: string, key: string) => {
  const hash = BigInt(`0x${createHash('md5').update(key, 'utf8').digest('hex')}`)
  const shards = await shardsOf(kinesis, StreamName)
  return shards.find((shard) => rangeOf(shard)[0] <= hash && hash <= rangeOf(shard)[1])?.ShardId
}

export const putRules: readonly Rule[] = [
  {
    fact: 'a record that was put is answered with its shard and a decimal sequence number',
    aws: 'PutRecord: "returns the shard ID of where the data record was placed and the sequence number"; pattern 0|([1-9]\\d{0,128})',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const answer = await kinesis.putRecord({ StreamName, PartitionKey: 'k', Data })
      expect(answer.ShardId).toBe(firstShard)
      expect(answer.SequenceNumber).toMatch(/^(0|([1-9]\d{0,128}))$/)
    },
  },
  {
    fact: 'sequence numbers of a shard increase',
    aws: 'PutRecord: "Sequence numbers increase over time and are specific to a shard within a stream"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const receipts = await putEach(kinesis, StreamName, ['a', 'b', 'c', 'd', 'e'])
      const numbers = receipts.map(({ SequenceNumber }) => BigInt(SequenceNumber ?? 0))
      expect(numbers).toEqual(numbers.toSorted((left, right) => (left < right ? -1 : 1)))
      expect(new Set(numbers).size).toBe(5)
    },
  },
  {
    fact: 'the MD5 of the partition key, as UTF-8, decides about the shard',
    aws: 'PutRecord: "An MD5 hash function is used to map partition keys to 128-bit integer values and to map associated data records to shards using the hash key ranges of the shards."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(4)
      const keys = [...Array.from({ length: 12 }, (_, at) => `key-${at}`), 'não', '票']
      for (const key of keys) {
        const { ShardId } = await kinesis.putRecord({ StreamName, PartitionKey: key, Data })
        expect(ShardId, key).toBe(await shardByMd5(kinesis, StreamName, key))
      }
    },
  },
  {
    fact: 'an explicit hash key overrides the partition key, at the first and last key of every shard',
    aws: 'PutRecord, ExplicitHashKey: "The hash value used to explicitly determine the shard the data record is assigned to by overriding the partition key hash."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(3)
      for (const shard of await shardsOf(kinesis, StreamName))
        for (const key of rangeOf(shard)) {
          const put = { StreamName, PartitionKey: 'k', ExplicitHashKey: String(key), Data }
          expect((await kinesis.putRecord(put)).ShardId).toBe(shard.ShardId)
        }
    },
  },
  {
    fact: 'an explicit hash key is a decimal number below 2^128',
    aws: 'PutRecord, ExplicitHashKey: "Pattern: 0|([1-9]\\d{0,38})"; hash keys are 128-bit (the error type was observed by kinesalite)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const put = (ExplicitHashKey: string) =>
        kinesis.putRecord({ StreamName, PartitionKey: 'k', ExplicitHashKey, Data })
      for (const key of ['01', '-1', '0x1', '']) await refused(put(key), 'ValidationException')
      await refused(put(String(allHashKeys)), 'InvalidArgumentException')
    },
  },
  {
    fact: 'a partition key has 1 to 256 characters',
    aws: 'PutRecord, PartitionKey: "Length Constraints: Minimum length of 1. Maximum length of 256."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const put = (PartitionKey: string) => kinesis.putRecord({ StreamName, PartitionKey, Data })
      await put('k'.repeat(256))
      await refused(put('k'.repeat(257)), 'ValidationException')
      await refused(put(''), 'ValidationException')
    },
  },
  {
    fact: 'a record may be empty, and may have 1 MiB with its key',
    aws: 'quotas: "The maximum size of the data payload of a record before base64-encoding is up to 1 MiB" by default; Data, minimum length 0',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      await kinesis.putRecord({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(0) })
      const large = await kinesis.newStream()
      await kinesis.putRecord({ StreamName: large, PartitionKey: 'k', Data: Buffer.alloc(mebibyte - 1) })
      const empty = await recordsFrom(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      expect(empty.map((record) => record.Data?.length)).toEqual([0])
    },
  },
  {
    fact: 'a record of more than 1 MiB is refused where the stream takes no larger ones',
    aws: 'GetRecords: "Each data record can be up to 1 MiB in size by default."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const put = kinesis.putRecord({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(mebibyte + 1) })
      await refused(put, 'ValidationException', 'InvalidArgumentException')
    },
  },
  {
    fact: 'the partition key counts towards the size of a record',
    aws: 'PutRecords: "The record size limit applies to the total size of the partition key and data blob."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const put = kinesis.putRecord({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(mebibyte) })
      await refused(put, 'ValidationException', 'InvalidArgumentException')
    },
  },
  {
    fact: 'a record put with the number of another to come after has a greater one',
    aws: 'PutRecord, SequenceNumberForOrdering: "Guarantees strictly increasing sequence numbers, for puts from the same client and to the same partition key."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const first = await kinesis.putRecord({ StreamName, PartitionKey: 'k', Data })
      const second = await kinesis.putRecord({
        StreamName,
        PartitionKey: 'k',
        Data,
        SequenceNumberForOrdering: first.SequenceNumber,
      })
      expect(BigInt(second.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(first.SequenceNumber ?? 0))
    },
  },
  {
    fact: 'a number to come after must be a sequence number',
    aws: 'PutRecord, SequenceNumberForOrdering: "Pattern: 0|([1-9]\\d{0,128})"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const SequenceNumberForOrdering = 'first'
      await refused(
        kinesis.putRecord({ StreamName, PartitionKey: 'k', Data, SequenceNumberForOrdering }),
        'ValidationException',
      )
    },
  },
  {
    fact: 'a shard that is over its rate refuses a record as throttled',
    aws: 'PutRecord: "If a PutRecord request cannot be processed because of insufficient provisioned throughput on the shard involved in the request, PutRecord throws ProvisionedThroughputExceededException."',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      const put = (ExplicitHashKey: string, bytes: number) =>
        kinesis.putRecord({ StreamName, PartitionKey: 'k', ExplicitHashKey, Data: Buffer.alloc(bytes) })
      // Each takes up nearly a second of the shard's rate. A machine may be slower than that now and then.
      const outcomes: string[] = []
      while (outcomes.length < 6 && !outcomes.includes('ProvisionedThroughputExceededException'))
        outcomes.push(
          await put('0', 1_000_000).then(
            () => 'taken',
            ({ name }: Error) => name,
          ),
        )
      expect(outcomes).toContain('ProvisionedThroughputExceededException')
      expect((await put(String(allHashKeys - 1n), 1)).ShardId).toBe(shardName(1))
    },
  },
]
