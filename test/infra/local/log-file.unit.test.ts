import { mkdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type LogFileOptions, openLogFile } from '../../../infra/local/log-file.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

const open = async (options: LogFileOptions = {}, folder?: string) => {
  const path = join(folder ?? (await temporaryFolder()), 'placar.log')
  const log = openLogFile(path, options)
  onTestFinished(() => log.close())
  return { path, log, kept: () => readFile(path, 'utf8').catch(() => '') }
}

describe('a log file', () => {
  it('keeps what is reported, with the time and the cause', async () => {
    const { log, kept } = await open()
    log.report('the table is slow', new Error('no answer'))
    await log.close()
    expect(await kept()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z the table is slow: Error: no answer\n/)
  })

  it('goes on where the last one ended', async () => {
    const folder = await temporaryFolder()
    const first = await open({}, folder)
    first.log.write('one\n')
    await first.log.close()
    const second = await open({}, folder)
    second.log.write('two\n')
    await second.log.close()
    expect(await second.kept()).toBe('one\ntwo\n')
  })

  it('that is full becomes the old one, and a new one is begun', async () => {
    const { path, log, kept } = await open({ maxBytes: 10 })
    log.write('first, and long\n')
    await until(async () => (await kept()) !== '')
    log.write('second\n')
    await log.close()
    expect(await readFile(`${path}.1`, 'utf8')).toBe('first, and long\n')
    expect(await kept()).toBe('second\n')
  })

  it('that is full and cannot be renamed is begun anew, and no caller hears of it', async () => {
    const { path, log, kept } = await open({ maxBytes: 10 })
    await mkdir(`${path}.1`)
    log.write('first, and long\n')
    await until(async () => (await kept()) !== '')
    log.write('second\n')
    await log.close()
    expect(await kept()).toBe('second\n')
  })

  it('that is full and was taken away is made again', async () => {
    const { path, log, kept } = await open({ maxBytes: 10 })
    log.write('first, and long\n')
    await until(async () => (await kept()) !== '')
    await rm(path)
    log.write('second\n')
    await log.close()
    expect(await kept()).toBe('second\n')
  })

  it('that failed is opened again a second later, not before', async () => {
    let time = 0
    let asked = 0
    const now = (): number => {
      asked += 1
      return time
    }
    const folder = await temporaryFolder()
    // A folder in its place cannot be opened for writing, as a full disk cannot be written.
    await mkdir(join(folder, 'placar.log'))
    const { path, log, kept } = await open({ now }, folder)
    const askedAtFirst = asked
    // A log that works need not know the time, so this tells when the failure has been noticed.
    await until(() => {
      log.write('lost\n')
      return asked > askedAtFirst
    })
    await rmdir(path)
    time = 999
    log.write('too early\n')
    time = 1000
    log.write('kept\n')
    await log.close()
    expect(await kept()).toBe('kept\n')
  })

  it('is closed even when it could not be written, and takes no more', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'placar.log'))
    const { log } = await open({}, folder)
    log.write('lost\n')
    await expect(log.close()).resolves.toBeUndefined()
    expect(() => log.write('late\n')).not.toThrow()
  })
})
