import { expect } from 'vitest'
import { iteratorOf, recordsFrom } from '../reading.ts'
import { refused } from '../refusal.ts'
import type { Rule } from '../rule.ts'
import { allHashKeys, shardName } from '../shards.ts'

const Data = Buffer.from('x')

const records = (count: number, bytes = 1) =>
  Array.from({ length: count }, (_, at) => ({ PartitionKey: `k-${at}`, Data: Buffer.alloc(bytes) }))

/** As many shards as records, so that no shard is over its rate by one large record. */
const spread = (count: number, bytes: number) =>
  records(count, bytes).map((record, at) => ({
    ...record,
    ExplicitHashKey: String((allHashKeys / BigInt(count)) * BigInt(at) + 1n),
  }))

export const putRecordsRules: readonly Rule[] = [
  {
    fact: 'records of a batch are answered one by one, in the order of the request',
    aws: 'PutRecords: "Each record in the response array directly correlates with a record in the request array using natural ordering"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      const last = String(allHashKeys - 1n)
      const answer = await kinesis.putRecords({
        StreamName,
        Records: [
          { PartitionKey: 'a', ExplicitHashKey: '0', Data },
          { PartitionKey: 'b', ExplicitHashKey: last, Data },
          { PartitionKey: 'c', ExplicitHashKey: '0', Data },
        ],
      })
      expect(answer.FailedRecordCount).toBe(0)
      expect(answer.Records?.map(({ ShardId }) => ShardId)).toEqual([0, 1, 0].map(shardName))
      const read = await recordsFrom(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))
      const numberOf = new Map(read.map((record) => [record.PartitionKey, record.SequenceNumber]))
      expect(answer.Records?.[0]?.SequenceNumber).toBe(numberOf.get('a'))
      expect(answer.Records?.[2]?.SequenceNumber).toBe(numberOf.get('c'))
    },
  },
  {
    fact: 'a batch has 1 to 500 records',
    aws: 'PutRecords: "Each PutRecords request can support up to 500 records."; Records, minimum 1',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      expect((await kinesis.putRecords({ StreamName, Records: records(500) })).Records).toHaveLength(500)
      for (const count of [0, 501])
        await refused(kinesis.putRecords({ StreamName, Records: records(count) }), 'ValidationException')
    },
  },
  {
    fact: 'a batch with a record that breaks a bound is refused as a whole',
    aws: 'PutRecordsRequestEntry, PartitionKey: "Maximum length of 256"; a ValidationError is of the request (common errors)',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream()
      const Records = [...records(1), { PartitionKey: 'k'.repeat(257), Data }]
      await refused(kinesis.putRecords({ StreamName, Records }), 'ValidationException')
      expect(await recordsFrom(kinesis, await iteratorOf(kinesis, StreamName, 'TRIM_HORIZON'))).toEqual([])
    },
  },
  {
    fact: 'a batch may have more than 5 MiB',
    aws: 'PutRecords: "up to a limit of 10 MiB for the entire request, including partition keys"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(6)
      const answer = await kinesis.putRecords({ StreamName, Records: spread(6, 900_000) })
      expect(answer.FailedRecordCount).toBe(0)
    },
  },
  {
    fact: 'a batch of more than 10 MiB is refused',
    aws: 'PutRecords: "up to a limit of 10 MiB for the entire request, including partition keys"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(11)
      await refused(
        kinesis.putRecords({ StreamName, Records: spread(11, 1_000_000) }),
        'InvalidArgumentException',
        'ValidationException',
      )
    },
  },
  {
    fact: 'records over the rate of their shard fail alone, each with code and message',
    aws: 'PutRecords: "A single record failure does not stop the processing of subsequent records."; ErrorCode is ProvisionedThroughputExceededException, ErrorMessage "including the account ID, stream name, and shard ID"',
    check: async (kinesis) => {
      const StreamName = await kinesis.newStream(2)
      const other = { PartitionKey: 'o', ExplicitHashKey: String(allHashKeys - 1n), Data }
      const large = records(3, 500_000).map((record) => ({ ...record, ExplicitHashKey: '0' }))
      const answer = await kinesis.putRecords({ StreamName, Records: [...large, other] })
      const failed = answer.Records?.filter(({ ErrorCode }) => ErrorCode !== undefined) ?? []
      expect(failed.length).toBeGreaterThan(0)
      expect(answer.FailedRecordCount).toBe(failed.length)
      for (const { ErrorCode, ErrorMessage, SequenceNumber } of failed) {
        expect(ErrorCode).toBe('ProvisionedThroughputExceededException')
        for (const named of [StreamName, shardName(0), /\d{12}/]) expect(ErrorMessage).toMatch(named)
        expect(SequenceNumber).toBeUndefined()
      }
      expect(answer.Records?.at(-1)?.ShardId).toBe(shardName(1))
    },
  },
]
