import fs from 'node:fs'
import { mkdir, open, rmdir } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { groupCommit } from '../../../../../infra/local/kinesis/log/group-commit.ts'
import { segmentPath } from '../../../../../infra/local/kinesis/log/segment.ts'
import { openShardLog, type ShardLog } from '../../../../../infra/local/kinesis/log/shard-log.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { readAll, withLog } from './logged-records.ts'

afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

type Handle = Awaited<ReturnType<typeof open>>

/** The class behind every open file: the last place before the operating system where a disk can be made to fail. */
const fileHandles = async (): Promise<Handle> => {
  const file = await open(join(await temporaryFolder(), 'any'), 'w')
  await file.close()
  return Object.getPrototypeOf(file)
}

const noSpace = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

/** Appends one record; what its voter is told. */
const put = async (log: ShardLog, data: string): Promise<'stored' | 'refused'> => {
  log.append(0, 'k', data)
  const durable = log.staged()
  await log.commit()
  return durable.then(
    () => 'stored',
    () => 'refused',
  )
}

const stored = async (log: ShardLog): Promise<string[]> => (await readAll(log)).map(({ data }) => data)

test('a record whose sync fails is refused and not readable; the next one is stored in its place', async () => {
  const handles = await fileHandles()
  const folder = await temporaryFolder()
  await withLog(folder, { boot: 1 }, async (log) => {
    expect(await put(log, 'before')).toBe('stored')
    vi.spyOn(handles, 'datasync').mockRejectedValueOnce(noSpace)
    expect(await put(log, 'lost')).toBe('refused')
    expect(await stored(log)).toEqual(['before'])
    expect(await put(log, 'after')).toBe('stored')
    expect(await stored(log)).toEqual(['before', 'after'])
  })
  await withLog(folder, { boot: 2 }, async (log) => expect(await stored(log)).toEqual(['before', 'after']))
})

test('a record that was written in part is cut off before the next one', async () => {
  const folder = await temporaryFolder()
  await withLog(folder, { boot: 1 }, async (log) => {
    await put(log, 'before')
    const { writeSync } = fs
    vi.spyOn(fs, 'writeSync').mockImplementationOnce((...parts: unknown[]) => {
      const [file, buffer, offset, , position] = parts
      Reflect.apply(writeSync, fs, [file, buffer, offset, 20, position])
      throw noSpace
    })
    syncBuiltinESMExports()
    expect(await put(log, 'a record longer than the part that fits')).toBe('refused')
    expect(await put(log, 'x')).toBe('stored')
    expect(await stored(log)).toEqual(['before', 'x'])
  })
  await withLog(folder, { boot: 2 }, async (log) => expect(await stored(log)).toEqual(['before', 'x']))
})

test('a segment that cannot be opened refuses its records until it can', async () => {
  const folder = await temporaryFolder()
  await withLog(folder, { boot: 1, segmentBytes: 1 }, async (log) => {
    expect(await put(log, 'one')).toBe('stored')
    await mkdir(segmentPath(folder, 2))
    expect(await put(log, 'two')).toBe('refused')
    await rmdir(segmentPath(folder, 2))
    expect(await put(log, 'three')).toBe('stored')
    expect(await stored(log)).toEqual(['one', 'three'])
  })
})

test('the number of a refused record is not given to another', async () => {
  const handles = await fileHandles()
  await withLog(await temporaryFolder(), { boot: 1 }, async (log) => {
    await put(log, 'before')
    vi.spyOn(handles, 'datasync').mockRejectedValueOnce(noSpace)
    await put(log, 'lost')
    await put(log, 'after')
    expect((await readAll(log)).map(({ ordinal }) => ordinal)).toEqual([1, 3])
  })
})

test('one log that fails does not keep the others of a turn from being stored', async () => {
  const folder = await temporaryFolder()
  const failing = await openShardLog(join(folder, 'failing'), { boot: 1, segmentBytes: 1 })
  const sound = await openShardLog(join(folder, 'sound'), { boot: 1 })
  await mkdir(segmentPath(join(folder, 'failing'), 1))
  const commits = groupCommit()
  failing.append(0, 'k', 'x')
  sound.append(0, 'k', 'x')
  const [refused, kept] = await Promise.allSettled([commits.durable(failing), commits.durable(sound)])
  expect([refused?.status, kept?.status]).toEqual(['rejected', 'fulfilled'])

  await rmdir(segmentPath(join(folder, 'failing'), 1))
  failing.append(0, 'k', 'y')
  await commits.durable(failing)
  expect(await stored(failing)).toEqual(['y'])
  await Promise.all([failing.close(), sound.close()])
})
