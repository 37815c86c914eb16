import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { expect, it, onTestFinished } from 'vitest'
import { kinesisVoteStream } from '../../../aggregators/close/vote-stream.store.ts'
import { localClient } from '../../../infra/local/handler-environment.ts'
import { kinesisService } from '../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../infra/local/kinesis/kinesis.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import { openTestEndpoint } from '../../infra/local/aws/open-endpoint.ts'
import { temporaryFolder } from '../../infra/local/temporary-folder.ts'

const day = 86_400_000
const middle = String(2n ** 127n)

/** The closer's stream on an embedded Kinesis whose clock is set by hand. `requests`: what the SDK was asked to put. */
const aStream = async (shards: number, limits = false) => {
  const clock = { now: Date.now() }
  const now = (): number => clock.now
  const engine = await openKinesis({ folder: await temporaryFolder(), limits, now, changeMs: 0 })
  onTestFinished(() => engine.close())
  const { url } = await openTestEndpoint([kinesisService({ engine, now, log: () => {} })])
  const client = new KinesisClient(localClient(url))
  onTestFinished(() => client.destroy())
  const requests: { records: number; bytes: number }[] = []
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName === PutRecordsCommand.name) {
        const { Records = [] } = args.input as { Records?: { Data: Uint8Array }[] }
        requests.push({
          records: Records.length,
          bytes: Records.reduce((all, { Data }) => all + Data.length, 0),
        })
      }
      return next(args)
    },
    { step: 'initialize' },
  )
  const stream = await engine.createStream('votes', shards)
  return { engine, clock, stream, votes: kinesisVoteStream(client, 'votes'), requests }
}

it('a control record goes into each shard that is named, under the reserved key', async () => {
  const { stream, votes } = await aStream(3)
  const shards = await votes.listShards()
  expect(await votes.putControl(shards.slice(1), 'closed')).toEqual(shards.slice(1).map(({ id }) => id))
  const { bytes } = await (stream.shards[2]?.log ?? expect.fail()).read({ segment: 0, offset: 0 }, 10, 1000)
  expect(bytes.toString()).toContain(`${controlKey}closed`)
  expect((await stream.shards[0]?.log.read({ segment: 0, offset: 0 }, 10, 1000))?.count).toBe(0)
})

it('requests keep to 500 records and 10 MiB', async () => {
  const { votes, requests } = await aStream(600)
  const shards = await votes.listShards()
  expect(shards).toHaveLength(600)
  expect(await votes.putControl(shards, 'x'.repeat(100_000))).toHaveLength(600)
  expect(await votes.putControl(shards, 'x')).toHaveLength(600)
  for (const { records, bytes } of requests) {
    expect(records).toBeLessThanOrEqual(500)
    expect(bytes).toBeLessThan(10 * 1024 * 1024)
  }
})

it('a shard that is over its rate is not among those that took it', async () => {
  const { stream, votes } = await aStream(2, true)
  for (let at = 0; at < 1000; at += 1) stream.put('k', 'x', '0')
  const shards = await votes.listShards()
  expect(await votes.putControl(shards, 'closed')).toEqual(['shardId-000000000001'])
})

it('what was meant for a shard that has been split is taken by its child, which is told', async () => {
  const { stream, votes } = await aStream(1)
  const before = await votes.listShards()
  await stream.split('shardId-000000000000', middle)
  expect(await votes.putControl(before, 'closed')).toEqual(['shardId-000000000001'])
  expect((await votes.listShards()).map(({ id, open }) => [id, open])).toEqual([
    ['shardId-000000000000', false],
    ['shardId-000000000001', true],
    ['shardId-000000000002', true],
  ])
})

it('behind a sequence number there are records, or the present of an open shard, or the end of one that has ended', async () => {
  const { stream, votes } = await aStream(1)
  const id = 'shardId-000000000000'
  expect(await votes.lookBeyond(id, '0')).toBe('present')
  const put = stream.put('k', 'x')
  if ('throttled' in put) expect.fail()
  await put.durable
  expect(await votes.lookBeyond(id, '0')).toBe('records')
  expect(await votes.lookBeyond(id, put.sequenceNumber)).toBe('present')
  await stream.split(id, middle)
  expect(await votes.lookBeyond(id, '0')).toBe('records')
  expect(await votes.lookBeyond(id, put.sequenceNumber)).toBe('end of shard')
})

it('a shard that retention has taken away is gone', async () => {
  const { engine, clock, stream, votes } = await aStream(1)
  expect(await votes.retentionMs()).toBe(day)
  await stream.split('shardId-000000000000', middle)
  clock.now += 2 * day
  await engine.trim()
  expect(await votes.lookBeyond('shardId-000000000000', '0')).toBe('gone')
  expect(await votes.lookBeyond('shardId-000000000009', '0')).toBe('gone')
})

it('shards that are born since a time are told from those that were there, open or ended', async () => {
  const { clock, stream, votes } = await aStream(2)
  const begun = clock.now
  expect([...(await votes.bornSince(begun - 1000))]).toEqual(stream.shards.map(({ id }) => id))
  clock.now += 1000
  await stream.split('shardId-000000000000', String(2n ** 126n))
  clock.now += 1000
  const since = await votes.bornSince(begun + 500)
  expect([...since].sort()).toEqual(stream.shards.slice(2).map(({ id }) => id))
  expect(since.size).toBe(2)
  clock.now += 1000
  expect((await votes.bornSince(clock.now)).size).toBe(0)
})
