import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import type { RecordLine } from '../../../../aggregators/archive-line.ts'
import type { Stream } from '../../../../infra/local/kinesis/stream.ts'
import { until } from '../until.ts'
import { deliveredLines, openTestFirehose, type TestFirehose } from './open-firehose.ts'

const put = async (stream: Stream, key: string, data: string | Uint8Array, hashKey?: string) => {
  const taken = stream.put(key, data, hashKey)
  if ('throttled' in taken) throw new Error(`throttled: ${taken.throttled}`)
  await taken.durable
  return taken
}

const putDirect = async ({ firehose }: TestFirehose, ...records: string[]): Promise<void> => {
  const stream = firehose().deliveryStream('archive')
  await Promise.all(records.map((record) => stream?.put?.(Buffer.from(`${record}\n`)).durable))
}

const archived = async (opened: TestFirehose, count: number): Promise<RecordLine[]> =>
  (await deliveredLines(opened, count)).map((line) => JSON.parse(line))

const numbers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => String(from + index))

const transformed = { sourceStream: 'votes', transformer: 'archive' }

/** A function that answers every record as it came, once `first` has run. */
const passing = (first: string): string =>
  `${first}; return { records: event.records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data })) }`

describe('a delivery stream that is put to', () => {
  it('delivers what was put, in order and unchanged', async () => {
    const opened = await openTestFirehose()
    await opened.ensure()
    await putDirect(opened, ...numbers(100))
    await putDirect(opened, ...numbers(100, 100))
    expect(await deliveredLines(opened, 200)).toEqual(numbers(200))
  })

  it('names its objects as Firehose does', async () => {
    const opened = await openTestFirehose({ now: () => Date.UTC(2026, 9, 25, 7, 8, 9) })
    await opened.ensure()
    await putDirect(opened, 'a')
    await deliveredLines(opened, 1)
    expect(await opened.keys()).toEqual([
      expect.stringMatching(/^votes\/2026\/10\/25\/07\/archive-1-2026-10-25-07-08-09-[0-9a-f-]{36}\.gz$/),
    ])
  })

  it('hands its function the records as AWS does, without metadata of Kinesis', async () => {
    const print = "fs.appendFileSync(process.env.FOLDER + '/events', JSON.stringify(event) + '\\n')"
    const opened = await openTestFirehose({ bodies: { print: passing(print) }, now: () => 1_790_000_000_000 })
    await opened.ensure({ transformer: 'print' })
    await putDirect(opened, 'a')
    await deliveredLines(opened, 1)
    expect(JSON.parse(await readFile(join(opened.folder, 'events'), 'utf8'))).toEqual({
      invocationId: expect.any(String),
      deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/archive',
      region: 'us-east-1',
      records: [
        {
          recordId: expect.stringMatching(/^49\d{54}$/),
          approximateArrivalTimestamp: 1_790_000_000_000,
          data: Buffer.from('a\n').toString('base64'),
        },
      ],
    })
  })

  it('cuts what waits into objects of the buffer size', async () => {
    const opened = await openTestFirehose({ buffering: { bytes: 1000, ms: 10 } })
    await opened.ensure()
    await putDirect(opened, ...numbers(200))
    expect((await deliveredLines(opened, 200)).sort()).toEqual(numbers(200).sort())
    expect((await opened.keys()).length).toBeGreaterThan(5)
  })

  it('keeps what it could not deliver over a restart', async () => {
    const opened = await openTestFirehose({ buffering: { bytes: 1024 * 1024, ms: 3_600_000 }, flushMs: 0 })
    await opened.ensure()
    await putDirect(opened, ...numbers(50))
    await opened.reopen()
    expect(await deliveredLines(opened, 50)).toEqual(numbers(50))
  })

  it('forgets what it has delivered', async () => {
    const opened = await openTestFirehose()
    await opened.ensure()
    const log = join(opened.folder, 'firehose', 'streams', 'of-archive', 'log')
    for (let round = 0; round < 14; round += 1) await putDirect(opened, 'x'.repeat(1_000_000))
    await deliveredLines(opened, 14)
    // A segment is full from 4 MiB on: there were three of them.
    await until(async () => (await readdir(log)).length < 3)
  })

  it('delivers what is buffered when it closes', async () => {
    const opened = await openTestFirehose({ buffering: { bytes: 1024 * 1024, ms: 3_600_000 } })
    await opened.ensure()
    await putDirect(opened, ...numbers(50))
    await opened.firehose().close()
    expect((await opened.content()).toString()).toBe(`${numbers(50).join('\n')}\n`)
  })
})

describe('the archive of a Kinesis stream', () => {
  it('has a line for each record, with its place, arrival, key and bytes', async () => {
    const opened = await openTestFirehose()
    const stream = await opened.kinesis.createStream('votes', 2)
    const bytes = [Buffer.from('{"v":1,"é":"✓"}'), Buffer.from([0xff, 0x00, 0xc3]), Buffer.alloc(0)]
    const before = Date.now()
    const puts = []
    for (const [index, data] of bytes.entries()) puts.push(await put(stream, `v-ключ-${index}`, data))
    await opened.ensure(transformed)
    const lines = await archived(opened, 3)
    const byNumber = new Map(lines.map((line) => [line.sequenceNumber, line]))
    for (const [index, { shardId, sequenceNumber }] of puts.entries()) {
      const line = byNumber.get(sequenceNumber)
      expect(line).toMatchObject({ v: 1, kind: 'record', shardId, partitionKey: `v-ключ-${index}` })
      expect(line?.arrival).toBeGreaterThanOrEqual(before)
      expect(line?.arrival).toBeLessThanOrEqual(Date.now())
      expect(
        line?.base64 === undefined ? Buffer.from(line?.data ?? '') : Buffer.from(line.base64, 'base64'),
      ).toEqual(bytes[index])
    }
  })

  it('begins with the oldest record and has each record once', async () => {
    const opened = await openTestFirehose({ buffering: { bytes: 2000, ms: 10 } })
    const stream = await opened.kinesis.createStream('votes', 3)
    const puts = await Promise.all(numbers(150).map((number) => put(stream, number, number)))
    await opened.ensure(transformed)
    puts.push(...(await Promise.all(numbers(150, 150).map((number) => put(stream, number, number)))))
    const found = new Map<string, string>()
    const lines = await archived(opened, 300)
    expect(lines).toHaveLength(300)
    for (const key of await opened.keys()) expect(key).toMatch(/^votes\/.*\.gz$/)
    for (const { sequenceNumber, data } of lines) found.set(sequenceNumber, data)
    expect(puts.map(({ sequenceNumber }) => found.get(sequenceNumber))).toEqual(numbers(300))
  })

  it('has the records of an object in their shards’ order', async () => {
    const opened = await openTestFirehose()
    const stream = await opened.kinesis.createStream('votes', 2)
    await Promise.all(numbers(100).map((number) => put(stream, number, number)))
    await opened.ensure(transformed)
    const lines = await archived(opened, 100)
    expect(await opened.keys()).toHaveLength(1)
    for (const { id } of stream.shards) {
      const inShard = lines
        .filter(({ shardId }) => shardId === id)
        .map(({ sequenceNumber }) => sequenceNumber)
      expect(inShard).toEqual(inShard.toSorted())
      expect(inShard.length).toBeGreaterThan(0)
    }
  })

  it('goes on behind what it has delivered after a restart', async () => {
    const opened = await openTestFirehose()
    const stream = await opened.kinesis.createStream('votes', 1)
    await opened.ensure(transformed)
    await put(stream, 'k', 'a')
    await archived(opened, 1)
    await opened.reopen()
    await put(stream, 'k', 'b')
    expect((await archived(opened, 2)).map(({ data }) => data).toSorted()).toEqual(['a', 'b'])
  })

  it('has records again, and misses none, when the positions were not stored before a crash', async () => {
    const opened = await openTestFirehose()
    const stream = await opened.kinesis.createStream('votes', 2)
    await opened.ensure(transformed)
    await Promise.all(numbers(20).map((number) => put(stream, number, number)))
    await archived(opened, 20)
    await opened.reopen({}, async () => {
      await rm(opened.checkpoints)
      await Promise.all(numbers(20, 20).map((number) => put(stream, number, number)))
    })
    const lines = await archived(opened, 60)
    expect(new Set(lines.map(({ data }) => data))).toEqual(new Set(numbers(40)))
  })

  it('takes up shards that come, reads ended ones to their end, and lets go of those that are gone', async () => {
    let shards: Stream['shards'] = []
    const opened = await openTestFirehose({
      kinesis: { stream: (name) => (name === 'votes' ? { ...stream, shards } : undefined) },
    })
    const stream = await opened.kinesis.createStream('votes', 2)
    const [parent, child] = stream.shards
    if (parent === undefined || child === undefined) throw new Error('two shards were asked for')
    const parentKey = BigInt(`0x${parent.range.start}`).toString()
    const childKey = BigInt(`0x${child.range.start}`).toString()
    shards = [parent]
    await opened.ensure(transformed)
    await put(stream, 'k', 'a', parentKey)
    await archived(opened, 1)

    await put(stream, 'k', 'b', parentKey)
    await put(stream, 'k', 'c', childKey)
    shards = [{ ...parent, endedAt: Date.now() }, child]
    expect((await archived(opened, 3)).map(({ data }) => data).toSorted()).toEqual(['a', 'b', 'c'])

    shards = [child]
    await put(stream, 'k', 'd', childKey)
    expect((await archived(opened, 4)).map(({ data }) => data).toSorted()).toEqual(['a', 'b', 'c', 'd'])
    await until(async () => {
      const kept = await readFile(opened.checkpoints, 'utf8').catch(() => '')
      return kept.includes(child.id) && !kept.includes(parent.id)
    })
  })

  it('says so when records are gone before it could deliver them, and goes on with the oldest left', async () => {
    const opened = await openTestFirehose()
    const stream = await opened.kinesis.createStream('votes', 1)
    await opened.ensure(transformed)
    await put(stream, 'k', 'a')
    await archived(opened, 1)
    expect(opened.lines).toEqual([])
    const longAgo = { [`votes/${stream.createdAt}/shardId-000000000000`]: { segment: 0, offset: 7 } }
    await opened.reopen({}, () => writeFile(opened.checkpoints, JSON.stringify(longAgo)))
    await archived(opened, 2)
    expect(opened.lines).toEqual([expect.stringContaining('shardId-000000000000 may have outlived')])
  })

  it('has a record as large as Kinesis takes them', async () => {
    const opened = await openTestFirehose()
    const stream = await opened.kinesis.createStream('votes', 1)
    const large = 'x'.repeat(1024 * 1024 - 1)
    await put(stream, 'k', 'a')
    await put(stream, 'k', large)
    await put(stream, 'k', 'b')
    await opened.ensure(transformed)
    const lines = await archived(opened, 3)
    expect(lines.map(({ data }) => data).toSorted()).toEqual(['a', 'b', large])
  })
})

/** Runs `fault` on the first two calls; calls are counted in a file, since a fault may end the thread. */
const faulty = (fault: string): string =>
  passing(`
    const calls = process.env.FOLDER + '/calls'
    fs.appendFileSync(calls, '.')
    if (fs.readFileSync(calls).length < 3) { ${fault} }`)

describe('a function that', () => {
  it.each([
    ['throws', "throw new Error('no memory')", 'no memory'],
    [
      'fails to process a record',
      `return { records: event.records.map(({ recordId, data }, at) =>
        ({ recordId, result: at === 1 ? 'ProcessingFailed' : 'Ok', data })) }`,
      'ProcessingFailed',
    ],
    ['leaves a record out', 'return { records: [] }', 'left out record'],
    ['answers nothing', 'return', 'without records'],
    ['never answers', 'await new Promise(() => {})', 'took over 2000 ms'],
    ['blocks its thread', 'for (;;);', 'took over 2000 ms'],
    ['ends its thread', 'process.exit(3)', 'ended before'],
  ])('%s is tried again with the same records until it works', async (_how, fault, said) => {
    const opened = await openTestFirehose({ bodies: { faulty: faulty(fault) }, timeoutMs: 2000 })
    await opened.ensure({ transformer: 'faulty' })
    await putDirect(opened, 'a', 'b', 'c')
    expect(await deliveredLines(opened, 3)).toEqual(['a', 'b', 'c'])
    expect(opened.lines.join('\n')).toContain(said)
  })

  it('drops a record takes it out of the archive, and no other', async () => {
    const body = `return { records: event.records.map(({ recordId, data }, at) =>
      at === 1 ? { recordId, result: 'Dropped' } : { recordId, result: 'Ok', data }) }`
    const opened = await openTestFirehose({ bodies: { drops: body } })
    await opened.ensure({ transformer: 'drops' })
    await putDirect(opened, 'a', 'b', 'c')
    expect(await deliveredLines(opened, 2)).toEqual(['a', 'c'])
  })

  it('hangs when Firehose closes is cut off, and its records are delivered by the next start', async () => {
    const opened = await openTestFirehose({ bodies: { hangs: 'await new Promise(() => {})' }, flushMs: 50 })
    await opened.ensure({ transformer: 'hangs' })
    await putDirect(opened, 'a')
    await opened.reopen({ bodies: { hangs: passing('') } })
    expect(await deliveredLines(opened, 1)).toEqual(['a'])
  })
})

test('an object that cannot be written is tried again until it can, and nothing half-written stays', async () => {
  const opened = await openTestFirehose()
  const inTheWay = join(opened.folder, 's3')
  await writeFile(inTheWay, '')
  await opened.ensure()
  await putDirect(opened, 'a')
  await until(() => opened.lines.join('\n').includes('could not deliver'))
  await rm(inTheWay)
  expect(await deliveredLines(opened, 1)).toEqual(['a'])
  expect(await opened.keys()).toHaveLength(1)
})

test('one delivery stream that cannot deliver holds up no other', async () => {
  const opened = await openTestFirehose({ bodies: { throws: "throw new Error('never')" } })
  await opened.ensure({ name: 'stuck', transformer: 'throws' })
  await opened.firehose().deliveryStream('stuck')?.put?.(Buffer.from('x')).durable
  await until(() => opened.lines.join('\n').includes('never'))
  await opened.ensure()
  await putDirect(opened, 'a')
  expect(await deliveredLines(opened, 1)).toEqual(['a'])
})
