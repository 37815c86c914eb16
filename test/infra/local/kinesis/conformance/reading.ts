import type { _Record, GetRecordsOutput, ShardIteratorType } from '@aws-sdk/client-kinesis'
import { expect } from 'vitest'
import type { RuleClient } from './rule.ts'

export const firstShard = 'shardId-000000000000'

export type Start = { ShardId?: string; StartingSequenceNumber?: string | undefined; Timestamp?: Date }

export const iteratorOf = async (
  kinesis: RuleClient,
  StreamName: string,
  ShardIteratorType: ShardIteratorType,
  { ShardId = firstShard, ...start }: Start = {},
): Promise<string> => {
  const wanted = { StreamName, ShardId, ShardIteratorType, ...start }
  const { ShardIterator } = await kinesis.getShardIterator(wanted)
  expect(ShardIterator).toBeDefined()
  return ShardIterator ?? ''
}

/** How often a reader goes on without having found a record before it counts as being at the tip of an open shard. */
const maxEmptyReads = 3

/** What is answered from an iterator on. Reads on as AWS asks for: an answer may be empty before the end is reached. */
export const answersFrom = async (kinesis: RuleClient, iterator: string): Promise<GetRecordsOutput[]> => {
  const answers: GetRecordsOutput[] = []
  let next: string | undefined = iterator
  for (let empty = 0; next && empty < maxEmptyReads; ) {
    const answer: GetRecordsOutput = await kinesis.getRecords({ ShardIterator: next })
    answers.push(answer)
    empty = answer.Records?.length === 0 ? empty + 1 : 0
    next = answer.NextShardIterator
  }
  return answers
}

/** The records from an iterator on. */
export const recordsFrom = async (kinesis: RuleClient, iterator: string): Promise<_Record[]> =>
  (await answersFrom(kinesis, iterator)).flatMap(({ Records }) => Records ?? [])

/** The partition keys of what is read from such an iterator on. */
export const keysRead = async (
  kinesis: RuleClient,
  StreamName: string,
  type: ShardIteratorType,
  start: Start = {},
): Promise<(string | undefined)[]> =>
  (await recordsFrom(kinesis, await iteratorOf(kinesis, StreamName, type, start))).map(
    ({ PartitionKey }) => PartitionKey,
  )

/** Puts one record after the other, each with its key as its data. */
export const putEach = async (kinesis: RuleClient, StreamName: string, keys: readonly string[]) => {
  const receipts = []
  for (const key of keys)
    receipts.push(await kinesis.putRecord({ StreamName, PartitionKey: key, Data: Buffer.from(key) }))
  return receipts
}

/** Until this machine's clock, which all endpoints here share, has gone past a time. */
export const clockPasses = async (time: number): Promise<void> => {
  while (Date.now() <= time) await new Promise((resolve) => setTimeout(resolve, 1))
}
