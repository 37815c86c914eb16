import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { hashOfKey, hashToDecimal, maxHashKey } from '../../../../infra/local/kinesis/hash-key.ts'
import { type Kinesis, openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { frames } from '../../../../infra/local/kinesis/log/frame.ts'
import { sequenceNumber } from '../../../../infra/local/kinesis/sequence-number.ts'
import { type Shard, shardId } from '../../../../infra/local/kinesis/shard.ts'
import type { Put, Stream } from '../../../../infra/local/kinesis/stream.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const start: number = 1_790_000_000_000
const dayMs = 24 * 3_600_000
const middle = String(2n ** 127n)
const [root, lower, upper] = [0, 1, 2].map(shardId) as [string, string, string]

const open = async (
  folder: string,
  clock = { now: start },
): Promise<{ kinesis: Kinesis; stream: Stream }> => {
  const kinesis = await openKinesis({ folder, limits: false, now: () => clock.now, changeMs: 0 })
  onTestFinished(() => kinesis.close())
  return { kinesis, stream: kinesis.stream('s') ?? (await kinesis.createStream('s', 1)) }
}

const put = (stream: Stream, key: string, explicitHashKey?: string): Put => {
  const put = stream.put(key, 'x', explicitHashKey)
  if ('throttled' in put) throw new Error('nothing is throttled here')
  return put
}

const shard = (stream: Stream, id: string): Shard => {
  const found = stream.shards.find((shard) => shard.id === id)
  if (found === undefined) throw new Error(`${id} is missing`)
  return found
}

/** Keys and sequence numbers of what a shard holds, in its order. */
const recordsOf = async ({ log, prefix }: Shard): Promise<{ key: string; sequence: string }[]> => {
  const records = []
  for (let position = log.start(); ; ) {
    const { bytes, count, next } = await log.read(position, 10_000, 1024 * 1024)
    if (count === 0) return records
    for (const { boot, ordinal, partitionKey } of frames(bytes))
      records.push({ key: partitionKey, sequence: sequenceNumber(prefix, boot, ordinal) })
    position = next
  }
}

const keysOf = async (of: Shard): Promise<string[]> => (await recordsOf(of)).map(({ key }) => key)

/** The open shards by their hash keys. */
const openShards = ({ shards }: Stream): Shard[] =>
  shards
    .filter(({ endedAt }) => endedAt === undefined)
    .sort((left, right) => (left.range.start < right.range.start ? -1 : 1))

const bounds = ({ range }: Shard): [bigint, bigint] => [BigInt(`0x${range.start}`), BigInt(`0x${range.end}`)]

/** Every hash key belongs to one open shard. */
const expectCover = (stream: Stream): void => {
  let next = 0n
  for (const [from, to] of openShards(stream).map(bounds)) {
    expect(from).toBe(next)
    expect(to).toBeGreaterThanOrEqual(from)
    next = to + 1n
  }
  expect(next).toBe(maxHashKey + 1n)
}

test('a split ends its shard, and two children with logs of their own share its hash keys', async () => {
  const { stream } = await open(await temporaryFolder())
  await put(stream, 'before').durable
  await stream.split(root, middle)
  const [parent, ...children] = stream.shards
  expect(parent).toMatchObject({ id: root, endedAt: start })
  expect(children).toMatchObject([
    { id: lower, parent: root, range: { start: '0'.repeat(32), end: `7${'f'.repeat(31)}` } },
    { id: upper, parent: root, range: { start: `8${'0'.repeat(31)}`, end: 'f'.repeat(32) } },
  ])
  const puts = [put(stream, 'low', String(2n ** 127n - 1n)), put(stream, 'high', middle)]
  expect(puts.map(({ shardId }) => shardId)).toEqual([lower, upper])
  await Promise.all(puts.map(({ durable }) => durable))
  expect(await Promise.all(stream.shards.map(keysOf))).toEqual([['before'], ['low'], ['high']])
})

test('a merge ends two adjacent shards, and one child takes the hash keys of both', async () => {
  const { stream } = await open(await temporaryFolder())
  await stream.split(root, middle)
  await stream.merge(lower, upper)
  expect(stream.shards.map(({ endedAt }) => endedAt)).toEqual([start, start, start, undefined])
  expect(stream.shards[3]).toMatchObject({
    id: shardId(3),
    parent: lower,
    adjacentParent: upper,
    range: stream.shards[0]?.range,
  })
  expectCover(stream)
})

test.each<[string, (stream: Stream) => Promise<void>]>([
  ['of an unknown shard', (stream) => stream.split(shardId(9), middle)],
  ['of an ended shard', (stream) => stream.split(root, middle)],
  ['at the first key of a shard', (stream) => stream.split(upper, middle)],
  ['outside of the shard', (stream) => stream.split(lower, middle)],
  ['of two that are not adjacent', (stream) => stream.merge(upper, lower)],
  ['with an ended one', (stream) => stream.merge(root, upper)],
])('a change %s is rejected, and changes nothing', async (_what, change) => {
  const { stream } = await open(await temporaryFolder())
  await stream.split(root, middle)
  const before = stream.shards
  await expect(change(stream)).rejects.toThrow()
  expect(stream.shards).toBe(before)
})

test('a list of shards that was taken stays as it was', async () => {
  const { stream } = await open(await temporaryFolder())
  const { shards } = stream
  await stream.split(root, middle)
  expect(shards.map(({ id }) => id)).toEqual([root])
})

test('records that wait for the disk when their shard is split are in it when it has ended', async () => {
  const clock = { now: start }
  const { stream } = await open(await temporaryFolder(), clock)
  const parent = shard(stream, root)
  let done = false
  const split = stream.split(root, middle).then(() => {
    done = true
  })
  const taken: Put[] = []
  while (!done) {
    clock.now += 1
    const was = put(stream, String(taken.length))
    taken.push(was)
    if (was.shardId !== root) break // the switch is made; what the parent took last is staged at best
    await new Promise((resume) => setImmediate(resume))
  }
  await split
  const toParent = taken.filter((put) => put.shardId === root)
  expect(toParent.length).toBeGreaterThan(0)
  expect((await recordsOf(parent)).map(({ sequence }) => sequence)).toEqual(
    toParent.map((put) => put.sequenceNumber),
  )
  await Promise.all(taken.map((put) => put.durable))
  expect(parent.endedAt).toBe(start + toParent.length)
  const last = toParent.at(-1)?.sequenceNumber ?? ''
  expect(BigInt(parent.endingSequenceNumber ?? 0)).toBeGreaterThanOrEqual(BigInt(last))
})

test('votes flow into splits and merges: none is lost, none is put twice', async () => {
  const { stream } = await open(await temporaryFolder())
  const puts: { key: string; put: Put }[] = []
  let flowing = true
  const flow = (async () => {
    while (flowing) {
      for (let burst = 0; burst < 20; burst += 1) {
        const key = `k-${puts.length}`
        puts.push({ key, put: put(stream, key) })
      }
      await new Promise((resume) => setImmediate(resume))
    }
  })()
  await stream.split(root, middle)
  await stream.split(lower, String(2n ** 126n))
  await stream.merge(shardId(4), upper)
  await stream.merge(shardId(3), shardId(5))
  flowing = false
  await flow
  await Promise.all(puts.map(({ put }) => put.durable))
  for (const of of stream.shards) {
    const expected = puts.filter(({ put }) => put.shardId === of.id)
    expect(await keysOf(of)).toEqual(expected.map(({ key }) => key))
  }
  expect(new Set(puts.map(({ put }) => put.shardId)).size).toBeGreaterThan(4)
})

const share = fc.double({ min: 0, max: 1, noNaN: true })

const step = fc.record({
  does: fc.constantFrom('put', 'put', 'split', 'merge', 'reopen'),
  /** Which open shard, and which hash key of it. */
  pick: fc.nat({ max: 20 }),
  share,
})

/** A key in `[from, to]`, from 0 (its start) to 1. */
const within = (from: bigint, to: bigint, share: number): string =>
  String(from + ((to - from) * BigInt(Math.round(share * 1e6))) / 1_000_000n)

test('whatever is split, merged and restarted, every hash key has one shard and records stay where they were put', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const folder = await temporaryFolder()
      let { kinesis, stream } = await open(folder)
      const puts: { key: string; sequence: string; id: string }[] = []
      for (const [count, { does, pick, share }] of steps.entries()) {
        const shards = openShards(stream)
        const chosen = shards[pick % shards.length] as Shard
        const above = shards[(pick % shards.length) + 1]
        const [from, to] = bounds(chosen)
        if (does === 'put') {
          const key = `k-${count}`
          const { shardId: id, sequenceNumber } = put(stream, key, within(from, to, share))
          expect(id).toBe(chosen.id)
          puts.push({ key, sequence: sequenceNumber, id })
        } else if (does === 'split' && to > from) await stream.split(chosen.id, within(from + 1n, to, share))
        else if (does === 'merge' && above) await stream.merge(chosen.id, above.id)
        else if (does === 'reopen') {
          const kept = stream.record()
          await kinesis.close()
          ;({ kinesis, stream } = await open(folder))
          expect(stream.record()).toEqual(kept)
        }
        expectCover(stream)
      }
      await Promise.all(stream.shards.map(({ log }) => log.commit()))
      for (const of of stream.shards) {
        const records = await recordsOf(of)
        const mine = puts.filter(({ id }) => id === of.id)
        expect(records).toEqual(mine.map(({ key, sequence }) => ({ key, sequence })))
        const numbers = records.map(({ sequence }) => sequence)
        expect(numbers).toEqual(numbers.toSorted())
      }
      await kinesis.close()
    }),
    { numRuns: 25 },
  )
})

test('a split that cannot be stored leaves the stream as it was, and can be made again', async () => {
  const folder = await temporaryFolder()
  const { stream } = await open(folder)
  const inTheWay = join(folder, 'streams.json.new')
  await mkdir(inTheWay)
  await expect(stream.split(root, middle)).rejects.toThrow()
  expect(stream.shards.map(({ id, endedAt }) => [id, endedAt])).toEqual([[root, undefined]])
  await put(stream, 'a').durable
  await rm(inTheWay, { recursive: true })
  await stream.split(root, middle)
  expect(put(stream, 'b', '0').shardId).toBe(lower)
  expect(await keysOf(shard(stream, root))).toEqual(['a'])
})

test('what a kill leaves behind after a split has the children and all that was durable', async () => {
  const folder = await temporaryFolder()
  const { stream } = await open(folder)
  await put(stream, 'a').durable
  await stream.split(root, middle)
  await Promise.all(['0', middle].map((hash) => put(stream, hash, hash).durable))
  const copy = await temporaryFolder()
  await cp(folder, copy, { recursive: true })

  const { stream: after } = await open(copy)
  expect(await Promise.all(after.shards.map(keysOf))).toEqual([['a'], ['0'], [middle]])
  expect(after.shards[0]).toMatchObject({
    endedAt: start,
    endingSequenceNumber: stream.shards[0]?.endingSequenceNumber,
  })
  expect(put(after, 'b', '0').shardId).toBe(lower)
})

/** The parent takes records until the children are stored; a kill right then finds it ended a moment too early. */
test('a kill between storing a split and making it keeps what the parent took meanwhile', async () => {
  const folder = await temporaryFolder()
  const clock = { now: start }
  const before = await open(folder, clock)
  await before.stream.split(root, middle)
  await before.kinesis.close()
  const split = await readFile(join(folder, 'streams.json'), 'utf8')
  const unsplit = JSON.parse(split)
  unsplit.streams[0].shards = [{ index: 0, range: unsplit.streams[0].shards[0].range }]
  await writeFile(join(folder, 'streams.json'), JSON.stringify(unsplit))
  clock.now += 40
  const meanwhile = await open(folder, clock)
  await put(meanwhile.stream, 'late').durable
  await meanwhile.kinesis.close()
  await writeFile(join(folder, 'streams.json'), split)

  const { stream } = await open(folder, clock)
  expect(await keysOf(shard(stream, root))).toEqual(['late'])
  expect(shard(stream, root).endedAt).toBe(start + 40)
  expect(put(stream, 'k', '0').shardId).toBe(lower)
})

test('an ended shard goes with its log once its retention is over, and stays gone', async () => {
  const folder = await temporaryFolder()
  const clock = { now: start }
  const { kinesis, stream } = await open(folder, clock)
  await put(stream, 'a').durable
  await stream.split(root, middle)
  clock.now += dayMs
  await kinesis.trim()
  expect(stream.shards.map(({ id }) => id)).toEqual([root, lower, upper])
  clock.now += 1
  await kinesis.trim()
  expect(stream.shards.map(({ id }) => id)).toEqual([lower, upper])
  expect((await readdir(join(folder, 'streams', 'of-s'))).sort()).toEqual([lower, upper])
  await stream.split(lower, String(2n ** 126n))
  expect(stream.shards.map(({ id }) => id)).toEqual([lower, upper, shardId(3), shardId(4)])

  await kinesis.close()
  const again = await open(folder, clock)
  expect(again.stream.shards.map(({ id, parent }) => [id, parent])).toEqual([
    [lower, root],
    [upper, root],
    [shardId(3), lower],
    [shardId(4), lower],
  ])
  expect(put(again.stream, 'k').shardId).toBe(
    BigInt(hashToDecimal(hashOfKey('k'))) < 2n ** 127n ? expect.stringMatching(/[34]$/) : upper,
  )
})

test('a kill while an ended shard is being removed leaves an empty one, which goes later', async () => {
  const folder = await temporaryFolder()
  const clock = { now: start }
  const before = await open(folder, clock)
  await put(before.stream, 'a').durable
  await before.stream.split(root, middle)
  await before.kinesis.close()
  await rm(join(folder, 'streams', 'of-s', root), { recursive: true })
  clock.now += dayMs + 1

  const { kinesis, stream } = await open(folder, clock)
  expect(await keysOf(shard(stream, root))).toEqual([])
  await kinesis.trim()
  expect(stream.shards.map(({ id }) => id)).toEqual([lower, upper])
})
