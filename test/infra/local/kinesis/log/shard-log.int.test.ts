import { readdir } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameArrival, frameOrdinal } from '../../../../../infra/local/kinesis/log/frame.ts'
import { LogFullError, stagingBudget } from '../../../../../infra/local/kinesis/log/shard-log.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { readAll, withLog } from './logged-records.ts'

test('records come back in order, whatever their sizes, the segments and the limits of reading', async () => {
  const folder = await temporaryFolder()
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 200 }), { maxLength: 30 }),
      fc.record({
        segmentBytes: fc.integer({ min: 1, max: 500 }),
        commitEvery: fc.integer({ min: 1, max: 5 }),
        maxRecords: fc.integer({ min: 1, max: 7 }),
        maxBytes: fc.integer({ min: 1, max: 400 }),
      }),
      async (texts, { segmentBytes, commitEvery, ...limits }) => {
        const read = await withLog(`${folder}/${run++}`, { boot: 1, segmentBytes }, async (log) => {
          for (const [index, text] of texts.entries()) {
            log.append(index, `key-${index}`, text)
            if (index % commitEvery === 0) await log.commit()
          }
          await log.commit()
          return readAll(log, limits)
        })
        expect(read.map(({ ordinal, data }) => [ordinal, data])).toEqual(
          texts.map((text, index) => [index + 1, text]),
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('one read gives at least one record, and no more than either limit beyond that', async () => {
  await withLog(await temporaryFolder(), { boot: 1 }, async (log) => {
    for (let index = 0; index < 10; index++) log.append(0, 'k', 'x'.repeat(100))
    await log.commit()
    expect((await log.read(log.start(), 10, 1)).count).toBe(1)
    expect((await log.read(log.start(), 3, 10_000)).count).toBe(3)
    const { count, bytes } = await log.read(log.start(), 10, 500)
    expect(bytes.length).toBeLessThanOrEqual(500)
    expect(count).toBe(3)
  })
})

test('a record can be read only once it is durable', async () => {
  await withLog(await temporaryFolder(), { boot: 1 }, async (log) => {
    log.append(0, 'k', 'staged')
    expect(await readAll(log)).toEqual([])
    await log.commit()
    expect((await readAll(log)).map(({ data }) => data)).toEqual(['staged'])
  })
})

test('a full segment is followed by another, and both are there after a restart', async () => {
  const folder = await temporaryFolder()
  await withLog(folder, { boot: 1, segmentBytes: 100 }, async (log) => {
    for (let index = 0; index < 6; index++) {
      log.append(index, 'k', 'x'.repeat(40))
      await log.commit()
    }
  })
  expect((await readdir(folder)).length).toBeGreaterThan(1)
  await withLog(folder, { boot: 2, segmentBytes: 100 }, async (log) => {
    expect(await readAll(log)).toHaveLength(6)
    log.append(9, 'k', '')
    await log.commit()
    expect((await readAll(log)).at(-1)).toMatchObject({ boot: 2, ordinal: 7 })
  })
})

test('seek finds the first record that fits, over segments, and the end where none does', async () => {
  await withLog(await temporaryFolder(), { boot: 1, segmentBytes: 150 }, async (log) => {
    for (let index = 1; index <= 20; index++) {
      log.append(index * 10, 'k', 'x'.repeat(30))
      await log.commit()
    }
    const at = async (position: ReturnType<typeof log.start>) =>
      frameOrdinal((await log.read(position, 1, 1)).bytes, 0)
    for (let ordinal = 1; ordinal <= 20; ordinal++) {
      const found = await log.seek((chunk, offset) => frameOrdinal(chunk, offset) >= ordinal, ordinal)
      expect(await at(found)).toBe(ordinal)
    }
    expect(await at(await log.seek((chunk, offset) => frameArrival(chunk, offset) >= 95))).toBe(10)
    expect(await log.seek(() => false)).toEqual(log.end())
  })
})

test('trimming removes whole old segments, and readers of them go on with the oldest record left', async () => {
  const folder = await temporaryFolder()
  await withLog(folder, { boot: 1, segmentBytes: 100 }, async (log) => {
    const atStart = log.start()
    for (let index = 1; index <= 10; index++) {
      log.append(index * 1000, 'k', 'x'.repeat(60))
      await log.commit()
    }
    const before = (await readdir(folder)).length
    await log.trim(6000)
    const left = await readAll(log)
    expect((await readdir(folder)).length).toBeLessThan(before)
    expect(left.filter(({ arrival }) => arrival >= 6000)).toHaveLength(5)
    expect(left.length).toBeLessThan(10)
    const { bytes } = await log.read(atStart, 1, 1)
    expect(frameOrdinal(bytes, 0)).toBe(left[0]?.ordinal)
  })
})

test('trimming keeps the last segment however old it is, so that numbering goes on', async () => {
  const folder = await temporaryFolder()
  await withLog(folder, { boot: 1, segmentBytes: 100 }, async (log) => {
    for (let index = 0; index < 6; index++) {
      log.append(1, 'k', 'x'.repeat(60))
      await log.commit()
    }
    await log.trim(10)
  })
  await withLog(folder, { boot: 2 }, async (log) => {
    log.append(20, 'k', 'new')
    await log.commit()
    expect((await readAll(log)).at(-1)).toMatchObject({ boot: 2, ordinal: 7 })
  })
})

test('more than the staging limit is refused and leaves what is staged alone', async () => {
  await withLog(await temporaryFolder(), { boot: 1, staging: stagingBudget(1000) }, async (log) => {
    log.append(0, 'k', 'fits')
    expect(() => log.append(0, 'k', Buffer.alloc(1000))).toThrow(LogFullError)
    await log.commit()
    log.append(0, 'k', Buffer.alloc(900))
    await log.commit()
    expect((await readAll(log)).map(({ ordinal }) => ordinal)).toEqual([1, 2])
  })
})
