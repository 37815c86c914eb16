import type { GetRecordsCommandOutput, KinesisClient } from '@aws-sdk/client-kinesis'
import { expect, it } from 'vitest'
import { sampleShard } from '../../../../infra/cli/shards/sample.ts'

type Answer = Partial<GetRecordsCommandOutput>

/** Samples a shard whose reads are answered so, one after another, the last one for ever; tells the iterators they had. */
const sampleOf = async (...answers: Answer[]) => {
  const iterators: string[] = []
  const send = async ({ input }: { input: { ShardIterator?: string; ShardId?: string } }) => {
    if (input.ShardId !== undefined) return { ShardIterator: 'first' }
    iterators.push(input.ShardIterator ?? '')
    return answers[Math.min(iterators.length, answers.length) - 1]
  }
  const client = { send } as unknown as KinesisClient
  return { sample: await sampleShard(client, 'votes', 's0', 0, async () => {}), iterators }
}

const empty = (NextShardIterator: string): Answer => ({
  Records: [],
  MillisBehindLatest: 900,
  NextShardIterator,
})
const record = { PartitionKey: 'celebrity', SequenceNumber: '1', Data: new Uint8Array() }

it('follows empty answers until there are records, as AWS gives them', async () => {
  const found = { Records: [record, record], MillisBehindLatest: 900, NextShardIterator: 'fourth' }
  expect(await sampleOf(empty('second'), empty('third'), found)).toEqual({
    sample: { records: 2, top: { key: 'celebrity', records: 2 } },
    iterators: ['first', 'second', 'third'],
  })
})

it.each<[string, Answer]>([
  ['the newest is reached', { Records: [], MillisBehindLatest: 0, NextShardIterator: 'third' }],
  ['a closed shard has ended', { Records: [], MillisBehindLatest: 900 }],
])('is empty once %s', async (_, end) => {
  const { sample, iterators } = await sampleOf(empty('second'), end)
  expect(sample).toEqual({ records: 0, top: null })
  expect(iterators).toEqual(['first', 'second'])
})

it('does not follow empty answers for ever', async () => {
  const { sample, iterators } = await sampleOf(empty('next'))
  expect(sample).toEqual({ records: 0, top: null })
  expect(iterators).toHaveLength(8)
})
