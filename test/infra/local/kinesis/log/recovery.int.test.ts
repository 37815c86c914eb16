import { copyFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { segmentPath } from '../../../../../infra/local/kinesis/log/segment.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { type Logged, readAll, withLog } from './logged-records.ts'

const write = (folder: string, boot: number, keys: readonly string[]): Promise<Logged[]> =>
  withLog(folder, { boot }, async (log) => {
    for (const key of keys) log.append(1000, key, `data of ${key}`)
    await log.commit()
    return readAll(log)
  })

const ids = (records: readonly Logged[]): string[] => records.map(({ boot, ordinal }) => `${boot}/${ordinal}`)

test('a tail cut at any byte of its last record loses that record only, and its number is never given again', async () => {
  const folder = await temporaryFolder()
  const whole = join(folder, 'whole')
  const earlier = await write(whole, 1, ['a', 'b'])
  const { length: earlierBytes } = await readFile(segmentPath(whole, 1))
  const given = ids(await write(whole, 1, ['torn']))
  const { length: allBytes } = await readFile(segmentPath(whole, 1))
  expect(allBytes).toBeGreaterThan(earlierBytes)

  for (let cut = earlierBytes; cut < allBytes; cut++) {
    const copy = join(folder, `cut-${cut}`)
    await mkdir(copy)
    await copyFile(segmentPath(whole, 1), segmentPath(copy, 1))
    await truncate(segmentPath(copy, 1), cut)
    const after = await write(copy, 2, ['new'])
    expect(after.slice(0, -1), `cut at byte ${cut}`).toEqual(earlier)
    expect(after.at(-1)).toMatchObject({ partitionKey: 'new', data: 'data of new' })
    expect(given).not.toContain(ids(after).at(-1))
  }
})

test('a log that was cut keeps on being readable after later restarts', async () => {
  const folder = await temporaryFolder()
  await write(folder, 1, ['a', 'torn'])
  const { length } = await readFile(segmentPath(folder, 1))
  await truncate(segmentPath(folder, 1), length - 1)
  await write(folder, 2, ['b'])
  const all = await write(folder, 3, ['c'])
  expect(all.map(({ partitionKey }) => partitionKey)).toEqual(['a', 'b', 'c'])
  expect(ids(all)).toEqual(['1/1', '2/2', '3/3'])
})

test('damage in the tail is never read: what is left is the sound beginning, and the log goes on', async () => {
  const folder = await temporaryFolder()
  const keys = Array.from({ length: 20 }, (_, index) => `key-${10 + index}`) // of one size
  const original = await write(join(folder, 'original'), 1, keys)
  const bytes = await readFile(segmentPath(join(folder, 'original'), 1))
  const ends = original.map((_, index) => ((index + 1) * bytes.length) / original.length)
  let run = 0

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.uint8Array({ maxLength: 64 }),
      async (changes, appended) => {
        const copy = join(folder, `damaged-${run++}`)
        await mkdir(copy)
        const damaged = Buffer.concat([bytes, appended])
        for (const [at, change] of changes) damaged[at] = (bytes[at] ?? 0) ^ change
        await writeFile(segmentPath(copy, 1), damaged)

        const after = await write(copy, 2, ['new'])
        const firstDamage = Math.min(...changes.map(([at]) => at))
        const intact = ends.filter((end) => end <= firstDamage).length
        expect(after.slice(0, -1)).toEqual(original.slice(0, intact))
        expect(after.at(-1)).toMatchObject({ boot: 2, partitionKey: 'new' })
      },
    ),
    { numRuns: 60 },
  )
})

test('garbage behind the last record is cut off, whatever length it claims', async () => {
  const folder = await temporaryFolder()
  const original = await write(folder, 1, ['a'])
  const bytes = await readFile(segmentPath(folder, 1))
  await writeFile(segmentPath(folder, 1), Buffer.concat([bytes, Buffer.alloc(4096, 0xff)]))
  expect((await write(folder, 2, ['b'])).slice(0, 1)).toEqual(original)
})

test('a segment that holds nothing sound leaves the numbering to the one before it', async () => {
  const folder = await temporaryFolder()
  await write(folder, 1, ['a', 'b'])
  await writeFile(segmentPath(folder, 3), Buffer.from('torn'))
  const all = await write(folder, 2, ['c'])
  expect(ids(all)).toEqual(['1/1', '1/2', '2/3'])
})

test('arrival times never step back, not even over a restart with a clock that did', async () => {
  const folder = await temporaryFolder()
  await write(folder, 1, ['a'])
  const all = await withLog(folder, { boot: 2 }, async (log) => {
    log.append(1, 'b', '')
    await log.commit()
    return readAll(log)
  })
  expect(all.map(({ arrival }) => arrival)).toEqual([1000, 1000])
})
