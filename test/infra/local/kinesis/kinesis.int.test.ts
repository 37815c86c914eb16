import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashFromDecimal, hashOfKey, maxHashKey } from '../../../../infra/local/kinesis/hash-key.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { frames } from '../../../../infra/local/kinesis/log/frame.ts'
import type { Shard } from '../../../../infra/local/kinesis/shard.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const start: number = 1_790_000_000_000

const open = (folder: string, { limits = false, now = () => start } = {}) =>
  openKinesis({ folder, limits, now, changeMs: 0 })

const keysOf = async ({ log }: Shard): Promise<string[]> => {
  const { bytes } = await log.read(log.start(), 10_000, 1024 * 1024)
  return [...frames(bytes)].map(({ partitionKey }) => partitionKey)
}

test('a record goes to the shard whose range holds the hash of its key, or the given hash key', async () => {
  const kinesis = await open(await temporaryFolder())
  const stream = await kinesis.createStream('s', 7)
  const holder = (hash: bigint): string | undefined =>
    stream.shards.find(({ range }) => BigInt(`0x${range.start}`) <= hash && hash <= BigInt(`0x${range.end}`))
      ?.id

  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 20 }), (key) => {
      expect(stream.put(key, '')).toMatchObject({ shardId: holder(BigInt(`0x${hashOfKey(key)}`)) })
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: maxHashKey }), (hash) => {
      expect(stream.put('k', '', String(hash))).toMatchObject({ shardId: holder(hash) })
    }),
  )
  for (const { id, range } of stream.shards)
    for (const edge of [range.start, range.end]) {
      expect(stream.put('k', '', String(BigInt(`0x${edge}`)))).toMatchObject({ shardId: id })
      expect(hashFromDecimal(String(BigInt(`0x${edge}`)))).toBe(edge)
    }
  await kinesis.close()
})

test('sequence numbers of a shard increase, over restarts too', async () => {
  const folder = await temporaryFolder()
  const numbers: string[] = []
  for (let restart = 0; restart < 3; restart++) {
    const kinesis = await open(folder)
    const stream = kinesis.stream('s') ?? (await kinesis.createStream('s', 1))
    for (let index = 0; index < 50; index++) {
      const put = stream.put(`key-${index}`, 'x')
      if ('sequenceNumber' in put) numbers.push(put.sequenceNumber)
    }
    await kinesis.close()
  }
  expect(new Set(numbers).size).toBe(150)
  expect(numbers).toEqual(numbers.toSorted((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1)))
})

test('what was durable is there after a restart, with its stream as it was', async () => {
  const folder = await temporaryFolder()
  const before = await open(folder)
  const stream = await before.createStream('s', 2, 'ON_DEMAND')
  const puts = ['a', 'b', 'c'].map((key) => stream.put(key, 'x'))
  await Promise.all(puts.map((put) => ('durable' in put ? put.durable : undefined)))
  const keys = await Promise.all(stream.shards.map(keysOf))
  await before.close()

  const after = await open(folder)
  const again = after.stream('s')
  expect(again).toMatchObject({ name: 's', mode: 'ON_DEMAND', createdAt: start, arn: stream.arn })
  expect(await Promise.all((again?.shards ?? []).map(keysOf))).toEqual(keys)
  expect(keys.flat().sort()).toEqual(['a', 'b', 'c'])
  await after.close()
})

test('a shard takes 1,000 records a second, and others go on taking theirs', async () => {
  let now = start
  const kinesis = await open(await temporaryFolder(), { limits: true, now: () => now })
  const stream = await kinesis.createStream('s', 2)
  const fill = (hashKey: string): number => {
    for (let taken = 0; taken < 5000; taken++) if ('throttled' in stream.put('k', '', hashKey)) return taken
    return Number.POSITIVE_INFINITY
  }
  expect(fill('0')).toBe(1000)
  expect(stream.put('k', '', '0')).toEqual({ throttled: 'shardId-000000000000' })
  expect(fill(String(maxHashKey))).toBe(1000)
  now += 250
  expect(fill('0')).toBe(250)
  await kinesis.close()
})

test('a deleted stream takes its files along, and its name is free again', async () => {
  const folder = await temporaryFolder()
  const kinesis = await open(folder)
  const stream = await kinesis.createStream('s', 1)
  stream.put('k', 'x')
  await kinesis.deleteStream('s')
  expect(kinesis.streams()).toEqual([])
  expect(await readdir(join(folder, 'streams'))).toEqual([])
  const again = await kinesis.createStream('s', 1)
  expect(await keysOf(again.shards[0] as Shard)).toEqual([])
  await kinesis.close()
})

test('a catalogue that cannot be understood is an error that names the file', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'streams.json'), '{')
  await expect(open(folder)).rejects.toThrow(/streams\.json cannot be read/)
})
