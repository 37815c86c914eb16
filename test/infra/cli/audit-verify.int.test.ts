import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rename, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { folderArchive } from '../../../aggregators/audit/archive.ts'
import { verifyWhenComplete } from '../../../infra/cli/audit/until-complete.ts'
import { verifyCommand, verifyFlags } from '../../../infra/cli/audit/verify.ts'
import { readCommandLine } from '../../../infra/cli/command.ts'
import { ensureCountTable } from '../../../infra/local/count-table.ts'
import { defaultTableName } from '../../../ingest/count-table.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { aPoll } from '../../aggregators/arrivals.ts'
import {
  type AnArchive,
  anArchive,
  expected,
  sentMarker,
  sentVotes,
  writeLines,
} from '../../aggregators/audit/an-archive.ts'
import { openCountTable } from '../local/open-count-table.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'
import { archiveObjects, openS3 } from './audit-s3-server.ts'
import { writePoll } from './audit-table.ts'

const shard = 'shardId-000000000000'
const archive = (): AnArchive => {
  const createdAt = Date.UTC(2026, 5, 1, 19)
  const poll = aPoll({ createdAt, opensAt: createdAt, shards: [shard], closedAt: createdAt + 9000 })
  return anArchive(poll, {
    [shard]: [
      sentVotes(createdAt + 1000, ['ana', 'eva']),
      sentVotes(createdAt + 2000, ['bia']),
      sentMarker(createdAt + 9300, poll),
    ],
  })
}

const out: string[] = []
const told: string[] = []
beforeEach(() => {
  out.length = 0
  told.length = 0
  process.exitCode = undefined
  vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(told.push(String(text))))
  vi.stubEnv('AWS_ENDPOINT_URL', undefined)
})
afterEach(() => {
  process.exitCode = undefined
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const verify = async (...args: string[]): Promise<{ text: string; exitCode: unknown }> => {
  await verifyCommand(readCommandLine(['--poll', 'final', ...args], verifyFlags))
  return { text: out.join('\n'), exitCode: process.exitCode }
}

/** A data folder with nothing in it: no instance has run there, so an export stands alone. */
const nowhere = (): void => {
  vi.spyOn(process, 'cwd').mockReturnValue('/nowhere')
}

/** A table that has this poll; the endpoint to reach it. */
const aTable = async (lines: AnArchive, changes: Partial<Poll> = {}): Promise<string> => {
  const { client, endpoint } = await openCountTable()
  await ensureCountTable(client, defaultTableName)
  await writePoll(client, defaultTableName, lines, changes)
  return endpoint
}

describe('an export alone', () => {
  it('agrees, with one table, and says what was not compared', async () => {
    nowhere()
    const folder = await temporaryFolder()
    await writeLines(folder, archive())
    const { text, exitCode } = await verify('--from', folder)
    expect(exitCode).toBe(0)
    expect(text).toMatch(/votes: Ana \(ana\) +1 +1 +1 +agree/)
    expect(text).toMatch(/rejected: unknown_option +1 +1 +1 +agree/)
    expect(text).toMatch(/shardId-000000000000 counted +2 +2 +2 +agree/)
    expect(text).toMatch(/Not compared:\n.*the scoreboard and the heads in the table/)
    expect(text).toContain('Verdict: all agree.')
  })

  it('a line removed: it is named, and the exit code is 2', async () => {
    nowhere()
    const folder = await temporaryFolder()
    const honest = archive()
    await writeLines(folder, { ...honest, votes: honest.votes.slice(1) })
    const { text, exitCode } = await verify('--from', folder)
    expect(exitCode).toBe(2)
    expect(text).toContain(
      `shard ${shard}, part 0: its first record, ${honest.records[0]?.sequenceNumber}, is missing`,
    )
    expect(text).toMatch(/votes: Ana \(ana\) +0 +1 +1 +DISAGREE/)
    expect(text).toContain('Verdict: SOMETHING DISAGREES.')
  })

  it('the tail is not there: not complete, and the exit code is 3', async () => {
    nowhere()
    const folder = await temporaryFolder()
    const honest = archive()
    await writeLines(folder, { ...honest, votes: honest.votes.slice(0, -1) })
    const { text, exitCode } = await verify('--from', folder)
    expect(exitCode).toBe(3)
    expect(text).toContain('Verdict: archive not complete yet')
    expect((await verify('--from', folder, '--poll', 'another')).exitCode).toBe(3)
  })

  it('a file that is broken off or damaged is named', async () => {
    nowhere()
    const folder = await temporaryFolder()
    await writeLines(folder, archive())
    const [votes = ''] = await filesIn(join(folder, 'votes'))
    await truncate(votes, readFileSync(votes).length - 12)
    const { text, exitCode } = await verify('--from', folder)
    expect(exitCode).toBe(2)
    expect(text).toContain(`${votes}: is no complete gzip file`)
    await writeFile(votes, 'no gzip at all')
    await expect(verify('--from', folder)).rejects.toThrow(`${votes} cannot be read`)
  })

  it('a certificate that says otherwise is named', async () => {
    nowhere()
    const folder = await temporaryFolder()
    const honest = archive()
    await writeLines(folder, honest)
    const { poll, heads } = honest
    const file = join(folder, 'certificate.json')
    const written = (result: object) => {
      const body = JSON.stringify({ poll: { id: poll.id }, result, heads })
      const sha256 = createHash('sha256').update(body).digest('hex')
      return writeFile(file, JSON.stringify({ body, sha256, signature: null }))
    }
    await written(poll.result)
    expect((await verify('--from', folder, '--certificate', file)).exitCode).toBe(0)
    await written({ ...poll.result, counts: { ana: 7 } })
    const { text, exitCode } = await verify('--from', folder, '--certificate', file)
    expect(exitCode).toBe(2)
    expect(text).toContain('the certificate: result.counts: found {"ana":7}, expected {"ana":1,"bia":1}')
    await writeFile(file, '{}')
    await expect(verify('--from', folder, '--certificate', file)).rejects.toThrow('certificate')
  })

  it('a folder that is none is told', async () => {
    const folder = await temporaryFolder()
    await expect(verify('--from', folder)).rejects.toThrow(`There is no archive in ${folder}`)
  })
})

describe('against an instance', () => {
  const inDataFolder = async (lines: AnArchive): Promise<string> => {
    const folder = await temporaryFolder()
    await writeLines(join(folder, 's3/placar-audit'), lines)
    return folder
  }

  it('raw votes, parts and the table agree', async () => {
    const honest = archive()
    const folder = await inDataFolder(honest)
    const { text, exitCode } = await verify('--data-dir', folder, '--endpoint-url', await aTable(honest))
    expect(text).toContain('Verdict: all agree.')
    expect(text).not.toContain('Not compared')
    expect(exitCode).toBe(0)
  })

  it('a total changed in the table is named', async () => {
    const honest = archive()
    const { result } = honest.poll
    const endpoint = await aTable(honest, { result: { ...result, counts: { ...result.counts, bia: 9 } } })
    const folder = await inDataFolder(honest)
    const { text, exitCode } = await verify('--from', folder, '--endpoint-url', endpoint)
    expect(exitCode).toBe(2)
    expect(text).toContain('in all: bia: raw 1, parts 1, scoreboard 9')
  })

  it('a poll that is not final is refused, also for an export', async () => {
    const honest = archive()
    const endpoint = await aTable(honest, {
      finalAt: undefined,
      result: undefined,
    } as unknown as Partial<Poll>)
    const folder = await inDataFolder(honest)
    await expect(verify('--from', folder, '--endpoint-url', endpoint)).rejects.toThrow(
      'Poll final is closing; close it first: npm run polls -- close --id final',
    )
  })

  it('a poll that the table has not is an error, and with an export only said', async () => {
    const honest = archive()
    const folder = await inDataFolder(honest)
    const endpoint = await aTable({ ...honest, poll: { ...honest.poll, id: 'another' } })
    await expect(verify('--data-dir', folder, '--endpoint-url', endpoint)).rejects.toThrow(
      'There is no poll final',
    )
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint)
    const { text, exitCode } = await verify('--from', folder)
    expect(exitCode).toBe(0)
    expect(text).toContain('There is no poll final')
  })

  it('an archive that is not complete is waited for', async () => {
    const honest = archive()
    const folder = await temporaryFolder()
    const [windows, votes] = [join(folder, 'windows'), join(folder, 'votes')]
    await writeLines(folder, honest)
    for (const name of [windows, votes]) await rename(name, `${name}-later`)
    const steps: string[] = []
    // Each time it waits, one more thing arrives: first the windows, then the votes.
    const arriving = [windows, votes]
    const verification = await verifyWhenComplete(
      folderArchive(folder),
      expected(honest),
      (step) => {
        steps.push(step)
        const name = step.startsWith('waiting') ? arriving.shift() : undefined
        if (name !== undefined) void rename(`${name}-later`, name)
      },
      { forMs: 30_000, everyMs: 5 },
    )
    expect(verification.verdict).toBe('agrees')
    expect(arriving).toEqual([])
    expect(steps.filter((step) => step.startsWith('waiting'))).toHaveLength(2)
  })

  it('and when the time is over, it is not complete', async () => {
    const honest = archive()
    const folder = await temporaryFolder()
    await writeLines(folder, { votes: honest.votes, windows: honest.windows.slice(0, -1) })
    const patience = { forMs: 40, everyMs: 5 }
    const { verdict } = await verifyWhenComplete(folderArchive(folder), expected(honest), () => {}, patience)
    expect(verdict).toBe('incomplete')
  })
})

describe('from S3', () => {
  /** The archive as objects, and one file of votes from the day before. */
  const objectsOf = async (prefix: string): Promise<Map<string, Buffer>> => {
    const objects = await archiveObjects(archive(), prefix)
    return objects.set(`${prefix}votes/2026/05/31/19/placar-votes-1-old.gz`, Buffer.from('never read'))
  }
  beforeEach(() => {
    nowhere()
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
    vi.stubEnv('AWS_REGION', 'eu-west-1')
  })

  it.each(['', 'exports/2026/'])(
    'downloads only the hours that are needed, below %j, and keeps nothing',
    async (prefix) => {
      const { url, asked } = await openS3('audit', await objectsOf(prefix))
      vi.stubEnv('AWS_ENDPOINT_URL_S3', url)
      const temporary = await temporaryFolder()
      vi.stubEnv('TMPDIR', temporary)
      expect(tmpdir()).toBe(temporary)
      const { text, exitCode } = await verify('--from', `s3://audit/${prefix}`)
      expect(text).toContain('Verdict: all agree.')
      expect(exitCode).toBe(0)
      expect(asked).toContain(`list ${prefix}votes/ ${prefix}votes/2026/06/01/19`)
      expect(asked.filter((key) => key.endsWith('.gz'))).toHaveLength(3)
      expect(asked.join()).not.toContain('old.gz')
      expect(readdirSync(temporary)).toEqual([])
    },
  )

  it('a bucket that cannot be read is told', async () => {
    const { url } = await openS3('audit', new Map())
    vi.stubEnv('AWS_ENDPOINT_URL_S3', url)
    await expect(verify('--from', 's3://another')).rejects.toThrow('The bucket another cannot be read')
    await expect(verify('--from', 's3://')).rejects.toThrow('--from must be s3://BUCKET')
  })

  it('a bucket without a Region is told with what sets one', async () => {
    for (const name of ['AWS_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_CONFIG_FILE', join(await temporaryFolder(), 'none'))
    await expect(verify('--from', 's3://nobucket/x')).rejects.toThrow(
      'The bucket nobucket cannot be read: Region is missing. Set AWS_REGION, or AWS_PROFILE to a profile',
    )
  })
})

it.each([
  [['count'], 'count is none of'],
  [['verify'], '--poll is needed.'],
  [['verify', '--poll', 'final', '--stack', 'show'], '--stack is the name of a stack on AWS'],
])('npm run audit -- %j says in one line what was expected', async (args, message) => {
  const command = join(import.meta.dirname, '../../../infra/cli/audit.ts')
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'empty'))
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    cwd: folder,
  })
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(message)])
})

const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
