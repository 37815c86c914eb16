import { expect, test } from 'vitest'
import { isBehind, takeBatch, waitingBytes } from '../../../../infra/local/firehose/batch.ts'
import { frames } from '../../../../infra/local/kinesis/log/frame.ts'
import type { ShardLog } from '../../../../infra/local/kinesis/log/shard-log.ts'
import { withLog } from '../kinesis/log/logged-records.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const readerOf = (log: ShardLog, id = 'shard') => ({
  shard: { key: id, id, prefix: '', log },
  position: log.start(),
})

const fill = async (log: ShardLog, texts: readonly string[]): Promise<void> => {
  for (const text of texts) log.append(0, '', text)
  await log.commit()
}

const textsOf = (bytes: Buffer): string[] => Array.from(frames(bytes), ({ data }) => data.toString())

test('a batch takes from shard after shard, within its limits', async () => {
  const folder = await temporaryFolder()
  await withLog(`${folder}/a`, { boot: 1 }, (a) =>
    withLog(`${folder}/b`, { boot: 1 }, async (b) => {
      await fill(a, ['a1', 'a2'])
      await fill(b, ['b1', 'b2', 'b3'])
      const pieces = await takeBatch([readerOf(a), readerOf(b)], { maxBytes: 10_000, maxRecords: 4 })
      expect(pieces.map(({ bytes }) => textsOf(bytes))).toEqual([
        ['a1', 'a2'],
        ['b1', 'b2'],
      ])
    }),
  )
})

test('only a batch of one record is over the size', async () => {
  const folder = await temporaryFolder()
  const large = 'x'.repeat(500)
  await withLog(`${folder}/a`, { boot: 1 }, (a) =>
    withLog(`${folder}/b`, { boot: 1 }, async (b) => {
      await fill(a, ['a'])
      await fill(b, [large, 'b'])
      const limits = { maxBytes: 200, maxRecords: 10 }
      const small = await takeBatch([readerOf(a), readerOf(b)], limits)
      expect(small.map(({ bytes }) => textsOf(bytes))).toEqual([['a']])
      const [first, ...more] = await takeBatch([readerOf(b), readerOf(a)], limits)
      expect(textsOf(first?.bytes ?? Buffer.alloc(0))).toEqual([large])
      expect(more).toEqual([])
    }),
  )
})

test('a shard is behind until it is read to its end, and says how much waits', async () => {
  await withLog(await temporaryFolder(), { boot: 1 }, async (log) => {
    expect(isBehind(readerOf(log))).toBe(false)
    await fill(log, ['a'])
    const reader = readerOf(log)
    expect(isBehind(reader)).toBe(true)
    expect(waitingBytes([reader])).toBe(log.end().offset)
    const [piece] = await takeBatch([reader], { maxBytes: 1000, maxRecords: 10 })
    expect(isBehind({ ...reader, position: piece?.next ?? log.start() })).toBe(false)
  })
})
