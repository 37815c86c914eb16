import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Scoreboard, Stats } from '../../dashboard/read-model.ts'
import { localClient } from '../../infra/local/handler-environment.ts'
import { defaultTableName } from '../../ingest/count-table.ts'
import { readRecord } from '../../ingest/envelope.ts'
import { pollStore } from '../../ingest/poll.store.ts'
import type { Poll } from '../../ingest/poll.ts'
import { until } from '../infra/local/until.ts'
import { command } from './command.ts'
import { type Placar, read, startPlacar } from './placar.ts'
import { readStream, type StoredRecord } from './stream.ts'
import { voters } from './voters.ts'

const StreamName = 'placar-votes'
const connections = 32

/** Votes pour in until `enough`; the poll is closed when half of them are accepted. */
const votesAcrossClosing = async (
  placar: Placar,
  enough: number,
  atHalf: () => Promise<void>,
): Promise<number> => {
  const crowd = voters(placar.url, connections)
  onTestFinished(() => crowd.leave())
  let accepted = 0
  let half: Promise<void> | undefined
  const voter = async (): Promise<void> => {
    while (accepted < enough) {
      const answer = await crowd.post('/polls/final/votes', '{"option":"ana"}')
      if (answer !== 'lost' && answer.status === 202) accepted += 1
      if (accepted > enough / 2) half ??= atHalf()
    }
  }
  await Promise.all(Array.from({ length: connections }, voter))
  await half
  return accepted
}

const createFinal = async (placar: Placar): Promise<void> => {
  const args = ['create', '--id', 'final', '--title', 'Final', '--option', 'ana=Ana', '--option', 'bia=Bia']
  expect(await command('polls', args, placar)).toMatchObject({ code: 0 })
}

const close = async (placar: Placar): Promise<void> => {
  expect(await command('polls', ['close', '--id', 'final'], placar)).toMatchObject({ code: 0 })
}

/** The votes that stand before the marker of their shard, counted from the stream itself. */
const beforeMarkers = (records: readonly StoredRecord[], shards: ReadonlySet<string>): number => {
  const passed = new Set<string>()
  let votes = 0
  for (const { shardId, partitionKey, data } of records) {
    const body = readRecord(partitionKey, data)
    if (body.kind === 'close') passed.add(shardId)
    else if (body.kind === 'votes' && shards.has(shardId) && !passed.has(shardId)) votes += body.votes.length
  }
  return votes
}

const definition = async (placar: Placar): Promise<Poll | undefined> => {
  const client = new DynamoDBClient(localClient(placar.awsEndpoint))
  try {
    return await pollStore(client, defaultTableName).readPoll('final')
  } finally {
    client.destroy()
  }
}

const expectAgreement = async (placar: Placar): Promise<void> => {
  const { code, output } = await command('audit', ['verify', '--poll', 'final'], placar)
  expect({ code, output }).toMatchObject({ code: 0 })
}

describe('a poll that is closed while votes pour in', () => {
  it('loses no vote and counts none late, and the audit agrees', async () => {
    const placar = await startPlacar({ flags: ['--no-shard-limits', '--window-seconds', '1'] })
    await createFinal(placar)
    const accepted = await votesAcrossClosing(placar, 20_000, () => close(placar))
    const board = await read<Scoreboard>(placar, '/polls/final/scoreboard')
    expect(board).toMatchObject({ status: 'final', final: { proved: true } })
    const { shards = [] } = (await definition(placar)) ?? {}
    expect(board.counted).toBe(beforeMarkers(await readStream(placar), new Set(shards)))
    expect(board.counted).toBeGreaterThan(accepted / 4)
    expect(board.counted).toBeLessThan(accepted)
    await expectAgreement(placar)
    expect((await read<Scoreboard>(placar, '/polls/final/scoreboard')).counted).toBe(board.counted)
    expect(await placar.stop()).toBe(0)
  }, 240_000)

  it('is the same with a split in the middle of it', async () => {
    const placar = await startPlacar({ flags: ['--no-shard-limits', '--window-seconds', '1'] })
    const kinesis = new KinesisClient(localClient(placar.awsEndpoint))
    onTestFinished(() => kinesis.destroy())
    await createFinal(placar)
    let before: string[] = []
    await votesAcrossClosing(placar, 20_000, async () => {
      before = await shardIds(kinesis)
      const closing = close(placar)
      await split(kinesis)
      await split(kinesis)
      await closing
    })
    const board = await read<Scoreboard>(placar, '/polls/final/scoreboard')
    expect(board).toMatchObject({ status: 'final', final: { proved: true } })
    const { shards = [] } = (await definition(placar)) ?? {}
    expect(shards).toEqual(expect.arrayContaining(before))
    expect(board.counted).toBe(beforeMarkers(await readStream(placar), new Set(shards)))
    await expectAgreement(placar)
    expect(await placar.stop()).toBe(0)
  }, 240_000)
})

describe('a poll with closesAt', () => {
  it('becomes final by itself, idle shards and all, and then never changes', async () => {
    const placar = await startPlacar({ flags: ['--shards', '16', '--window-seconds', '1'] })
    const closesAt = new Date(Date.now() + 6000).toISOString()
    const args = ['create', '--id', 'final', '--title', 'Final', '--option', 'ana=Ana', '--option', 'bia=Bia']
    expect(await command('polls', [...args, '--closes-at', closesAt], placar)).toMatchObject({ code: 0 })
    const crowd = voters(placar.url, 1)
    onTestFinished(() => crowd.leave())
    await crowd.post('/polls/final/votes', '{"option":"bia"}')
    const board = (): Promise<Scoreboard> => read(placar, '/polls/final/scoreboard')
    const final = await until(async () => {
      const found = await board()
      return found.status === 'final' && found
    })
    expect(final).toMatchObject({ counted: 1, rejected: {}, final: { proved: true } })
    expect(final.final?.closedAt).toBeGreaterThanOrEqual(Date.parse(closesAt) + 250)
    await crowd.post('/polls/final/votes', '{"option":"bia"}')
    await until(async () => (await read<Stats>(placar, '/stats')).rejected.closed === 1)
    const { asOf: _then, ...lasting } = final
    expect(await board()).toMatchObject(lasting)
    await expectAgreement(placar)
    expect(await placar.stop()).toBe(0)
  }, 120_000)
})

const shardIds = async (kinesis: KinesisClient): Promise<string[]> => {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }))
  return Shards.map(({ ShardId = '' }) => ShardId)
}

/** Splits the first open shard in half, once the stream is active. */
const split = async (kinesis: KinesisClient): Promise<void> => {
  await until(async () => {
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))
    return StreamDescriptionSummary?.StreamStatus === 'ACTIVE'
  })
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }))
  const shard = Shards.find(
    ({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined,
  )
  const { StartingHashKey = '0', EndingHashKey = '0' } = shard?.HashKeyRange ?? {}
  const middle = (BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n
  await kinesis.send(
    new SplitShardCommand({ StreamName, ShardToSplit: shard?.ShardId, NewStartingHashKey: `${middle}` }),
  )
}
