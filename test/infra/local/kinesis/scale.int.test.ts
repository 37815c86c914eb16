import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { maxHashKey } from '../../../../infra/local/kinesis/hash-key.ts'
import { type Kinesis, openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { frames } from '../../../../infra/local/kinesis/log/frame.ts'
import { isOpen, type Shard } from '../../../../infra/local/kinesis/shard.ts'
import type { Put, Stream } from '../../../../infra/local/kinesis/stream.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const start = 1_790_000_000_000

const open = async (
  folder: string,
  clock = { now: start },
  shards = 4,
): Promise<{ kinesis: Kinesis; stream: Stream }> => {
  const kinesis = await openKinesis({ folder, limits: false, now: () => clock.now, changeMs: 0 })
  onTestFinished(() => kinesis.close())
  return { kinesis, stream: kinesis.stream('s') ?? (await kinesis.createStream('s', shards)) }
}

const put = (stream: Stream, key: string): { key: string; put: Put } => {
  const put = stream.put(key, 'x')
  if ('throttled' in put) throw new Error('nothing is throttled here')
  return { key, put }
}

const keysOf = async ({ log }: Shard): Promise<string[]> => {
  const keys: string[] = []
  for (let position = log.start(); ; ) {
    const { bytes, count, next } = await log.read(position, 10_000, 1024 * 1024)
    if (count === 0) return keys
    for (const { partitionKey } of frames(bytes)) keys.push(partitionKey)
    position = next
  }
}

const openRanges = ({ shards }: Stream) =>
  shards
    .filter(isOpen)
    .map(({ range }) => range)
    .sort((left, right) => (left.start < right.start ? -1 : 1))

/** That many open shards cover every hash key once, and none has more than a millionth over its share. */
const expectEven = (stream: Stream, count: number): void => {
  const ranges = openRanges(stream).map(
    ({ start, end }) => [BigInt(`0x${start}`), BigInt(`0x${end}`)] as const,
  )
  expect(ranges).toHaveLength(count)
  let next = 0n
  for (const [start, end] of ranges) {
    expect(start).toBe(next)
    next = end + 1n
    const width = Number(next - start)
    expect((width * count) / Number(maxHashKey)).toBeCloseTo(1, 6)
  }
  expect(next).toBe(maxHashKey + 1n)
}

/** Puts records all the time while the change is made. */
const putWhile = async (stream: Stream, change: Promise<void>): Promise<{ key: string; put: Put }[]> => {
  const puts: { key: string; put: Put }[] = []
  let changing = true
  const flow = (async () => {
    while (changing) {
      for (let burst = 0; burst < 20; burst += 1) puts.push(put(stream, `k-${puts.length}`))
      await new Promise((resume) => setImmediate(resume))
    }
  })()
  await change
  changing = false
  await flow
  await Promise.all(puts.map(({ put }) => put.durable))
  return puts
}

test('records flow into any row of scalings: none is lost, none is put twice, and a restart keeps all', async () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.array(share, { minLength: 1, maxLength: 4 }),
      async (shards, shares) => {
        const folder = await temporaryFolder()
        const clock = { now: start }
        const { kinesis, stream } = await open(folder, clock, shards)
        const expected = new Map<string, string[]>()
        let count = shards
        for (const share of shares) {
          const [least, most] = [Math.ceil(count / 2), count * 2]
          count = least + Math.floor(share * (most - least))
          clock.now += 1000
          for (const { key, put } of await putWhile(stream, stream.scale(count, [clock.now])))
            expected.set(put.shardId, [...(expected.get(put.shardId) ?? []), key])
          expectEven(stream, count)
        }
        for (const shard of stream.shards) expect(await keysOf(shard)).toEqual(expected.get(shard.id) ?? [])
        const kept = stream.record()
        expect(kept.scaledAt).toEqual([clock.now])
        await kinesis.close()

        const again = await open(folder, clock)
        expect(again.stream.record()).toEqual(kept)
        for (const shard of again.stream.shards)
          expect(await keysOf(shard)).toEqual(expected.get(shard.id) ?? [])
        await again.kinesis.close()
      },
    ),
    { numRuns: 15 },
  )
})

test('all shards that a scaling ends have ended with the last record of any; short-lived ones hold nothing', async () => {
  const clock = { now: start }
  const { stream } = await open(await temporaryFolder(), clock)
  const parents = [...stream.shards]
  let changing = true
  const scaling = stream.scale(6, []).then(() => {
    changing = false
  })
  while (changing) {
    await new Promise((resume) => setImmediate(resume))
    clock.now += 1
    stream.put(`k-${clock.now}`, 'x')
  }
  await scaling
  const shortLived = stream.shards.filter((shard) => shard.parent !== undefined && !isOpen(shard))
  expect(shortLived.map(({ index }) => index)).toEqual([5, 6, 9, 10])
  expect(await Promise.all(shortLived.map(keysOf))).toEqual([[], [], [], []])
  const last = Math.max(...parents.map(({ log }) => log.newest().arrival))
  expect(last).toBeGreaterThan(start) // later than the scaling was planned
  for (const { endedAt } of [...parents, ...shortLived]) expect(endedAt).toBe(last)
})

test('ended shards of a scaling expire together', async () => {
  const clock = { now: start }
  const { kinesis, stream } = await open(await temporaryFolder(), clock)
  await stream.scale(6, [])
  clock.now += 24 * 3_600_000
  await kinesis.trim()
  expect(stream.shards).toHaveLength(14)
  clock.now += 1
  await kinesis.trim()
  expect(stream.shards.map(({ index }) => index)).toEqual([4, 7, 8, 11, 12, 13])
})

test('a change that cannot be stored leaves the stream as it was, and can be made again', async () => {
  const folder = await temporaryFolder()
  const { stream } = await open(folder)
  const before = stream.record()
  const inTheWay = join(folder, 'streams.json.new')
  await mkdir(inTheWay)
  await expect(stream.scale(6, [start])).rejects.toThrow()
  await expect(stream.set({ retentionHours: 48, mode: 'ON_DEMAND' })).rejects.toThrow()
  await expect(stream.tag({ a: 'b' })).rejects.toThrow()
  expect(stream.record()).toEqual(before)
  expect(stream.change.endsAt).toBeLessThanOrEqual(start)
  await put(stream, 'k').put.durable
  await rm(inTheWay, { recursive: true })
  await stream.scale(6, [start])
  await stream.tag({ a: 'b' })
  expectEven(stream, 6)
  expect(stream.record()).toMatchObject({ scaledAt: [start], tags: { a: 'b' }, retentionHours: 24 })
})

test('changes of two streams at once are both kept whole', async () => {
  const folder = await temporaryFolder()
  const { kinesis, stream } = await open(folder)
  const other = await kinesis.createStream('t', 3)
  await Promise.all([
    stream.scale(6, [start]),
    other.scale(5, [start]),
    stream.tag({ of: 's' }),
    other.set({ retentionHours: 48 }),
    stream.split(stream.shards[0]?.id ?? '', '1000').catch(() => {}), // ended by the scaling before it
  ])
  const kept = kinesis.streams().map((each) => each.record())
  await kinesis.close()
  const again = await open(folder)
  expect(again.kinesis.streams().map((each) => each.record())).toEqual(kept)
  expect(kept).toMatchObject([{ tags: { of: 's' } }, { retentionHours: 48 }])
})
