import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { replay, replayFlags } from '../../../infra/cli/audit/replay.ts'
import { readArchivedPoll } from '../../../infra/cli/audit/replay-archive.ts'
import { openReplayServer } from '../../../infra/cli/audit/replay-server.ts'
import { readCommandLine } from '../../../infra/cli/command.ts'
import { ensureCountTable } from '../../../infra/local/count-table.ts'
import { defaultTableName, pollSortKey, pollsKey } from '../../../ingest/count-table.ts'
import { openCountTable } from '../local/open-count-table.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'
import { archiveIn, createdAt, finalPoll, sumOf, windowMs, writeArchive } from './audit-replay-archive.ts'

const iso = (ms: number): string => new Date(createdAt + ms).toISOString()

describe('npm run audit -- replay --at', () => {
  const out: string[] = []
  const told: string[] = []
  beforeEach(() => {
    out.length = 0
    told.length = 0
    vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text))
    vi.spyOn(console, 'error').mockImplementation((text) => void told.push(text))
    vi.stubEnv('AWS_ENDPOINT_URL', undefined)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  })

  const run = (...args: string[]) => replay(readCommandLine(args, replayFlags))

  it('prints the scoreboard of that moment as JSON, the plain sum of the windows that had ended', async () => {
    const folder = await temporaryFolder()
    await writeArchive(folder)
    await run('--poll', 'final', '--data-dir', folder, '--at', iso(2 * windowMs), '--json')
    const board: Scoreboard = JSON.parse(out.join(''))
    const { counts, rejected } = sumOf(2)
    expect(board).toMatchObject({
      status: 'open',
      asOf: createdAt + 2 * windowMs,
      counted: 11,
      rejected,
      options: [
        { id: 'ana', votes: counts.ana },
        { id: 'bia', votes: counts.bia },
      ],
    })
    expect(told.join('')).toContain(`Exact up to ${iso(2 * windowMs)}.`)
  })

  it('prints the result from the moment on that the poll was final, as a table too', async () => {
    const folder = await temporaryFolder()
    await writeArchive(folder)
    const export_ = join(folder, 's3/placar-audit')
    await run('--poll', 'final', '--from', export_, '--at', iso(22_600))
    expect(out.join('')).toMatch(/, final, .*\n[\s\S]*Ana +9 +56\.25%\nBia +7 +43\.75%/)
  })

  it('says what is missing when the poll has no last line yet and no instance knows it', async () => {
    const folder = await temporaryFolder()
    await writeArchive(folder, { last: false })
    await expect(run('--poll', 'final', '--data-dir', folder, '--at', iso(0))).rejects.toThrow(
      /has no last line for poll final .* No Placar has run in/,
    )
  })

  it('takes the definition of a poll that is not final from the instance, and says what that means', async () => {
    const folder = await temporaryFolder()
    await writeArchive(folder, { last: false })
    const { client, endpoint } = await openCountTable()
    await ensureCountTable(client, defaultTableName)
    const { closedAt: _closed, finalAt: _final, result: _result, shards, ...definition } = finalPoll
    const Item = marshall({
      PK: pollsKey,
      SK: pollSortKey('final'),
      ...definition,
      shards: new Set(shards),
    })
    await client.send(new PutItemCommand({ TableName: defaultTableName, Item }))
    const where = ['--data-dir', folder, '--endpoint-url', endpoint, '--at', iso(99_000), '--json']
    await run('--poll', 'final', ...where)
    expect(JSON.parse(out.join(''))).toMatchObject({ status: 'open', counted: 16 })
    expect(told.join('')).toContain(`Exact up to ${iso(5 * windowMs)}. Not surely all of it`)
    await expect(run('--poll', 'final-3', ...where)).rejects.toThrow('the instance knows no such poll')
  })

  it('says that there is no archive, where there is none', async () => {
    const folder = await temporaryFolder()
    await expect(run('--poll', 'final', '--data-dir', folder, '--at', iso(0))).rejects.toThrow(
      `There is no archive in ${folder}`,
    )
  })

  it.each([
    [['--at', iso(0)], '--poll is needed'],
    [['--poll', 'final'], 'Either --at ISO or --speed N'],
    [['--poll', 'final', '--at', iso(0), '--speed', '2'], 'Either --at ISO or --speed N'],
    [['--poll', 'final', '--at', '2026-09-21T14:13:20'], '--at must be ISO 8601 with an offset'],
    [['--poll', 'final', '--speed', '0'], '--speed must be a whole number from 1 to 3600'],
  ])('%j is refused', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message)
  })

  it('a moment before the poll was created is refused', async () => {
    const folder = await temporaryFolder()
    await writeArchive(folder)
    await expect(run('--poll', 'final', '--data-dir', folder, '--at', iso(-1))).rejects.toThrow(
      'was created at',
    )
  })
})

describe('an archive', () => {
  it('of which a file is cut off is not taken for a whole one', async () => {
    const folder = await temporaryFolder()
    await writeArchive(folder)
    const file = join(folder, 's3/placar-audit/windows/2026/09/21/14/one-2.gz')
    const bytes = await readFile(file)
    await writeFile(file, bytes.subarray(0, bytes.length - 12))
    await expect(readArchivedPoll(archiveIn(folder), 'final')).rejects.toThrow(
      `${file} cannot be read as gzip`,
    )
  })
})

describe('a replay over HTTP', () => {
  const open = async () => {
    const folder = await temporaryFolder()
    await writeArchive(folder)
    const { windows } = await readArchivedPoll(archiveIn(folder), 'final')
    let now = createdAt
    const server = await openReplayServer({ poll: finalPoll, windows }, new Map(), () => now, 0)
    onTestFinished(() => server.close())
    const at = async (ms: number) => {
      now = createdAt + ms
      const response = await fetch(`${server.url}/polls/final/scoreboard`)
      return { board: (await response.json()) as Scoreboard, headers: response.headers }
    }
    return { url: server.url, at }
  }

  it('shows the past second by second, and never fewer votes, up to the result', async () => {
    const { at } = await open()
    let last = 0
    const counted: number[] = []
    for (let ms = 0; ms <= 30_000; ms += 1000) {
      const { board } = await at(ms)
      expect(board.version).toBeGreaterThanOrEqual(last)
      last = board.version
      if (counted.at(-1) !== board.counted) counted.push(board.counted)
    }
    expect(counted).toEqual([0, 6, 11, 16])
    const { board } = await at(40_000)
    expect(board.final).toEqual({
      closedAt: finalPoll.closedAt,
      finalAt: finalPoll.finalAt,
      proved: true,
      unproved: [],
    })
  })

  it('tells the time of the past, in asOf and Date, and says that it is a replay', async () => {
    const { at } = await open()
    const { board, headers } = await at(7000)
    expect([board.asOf, board.replay]).toEqual([createdAt + 7000, true])
    expect(headers.get('date')).toBe(new Date(createdAt + 7000).toUTCString())
  })

  it('lists its one poll', async () => {
    const { url } = await open()
    const list = await (await fetch(`${url}/polls`)).json()
    expect(list).toEqual({ polls: [expect.objectContaining({ id: 'final', status: 'open' })] })
  })

  it.each(['votes', 'votes/batch'])('answers POST /polls/final/%s 503, and says why', async (path) => {
    const { url } = await open()
    const response = await fetch(`${url}/polls/final/${path}`, { method: 'POST', body: '{"option":"ana"}' })
    expect([response.status, await response.json()]).toEqual([
      503,
      { error: 'unavailable', message: 'This is a replay of poll final, as it was. No vote is taken.' },
    ])
  })

  it('answers what is not a vote as the gateway does', async () => {
    const { url } = await open()
    const statuses = await Promise.all(
      [
        fetch(`${url}/health`),
        fetch(`${url}/nowhere`),
        fetch(`${url}/polls/final/votes`),
        fetch(`${url}/polls/other/scoreboard`),
      ].map(async (answer) => (await answer).status),
    )
    expect(statuses).toEqual([200, 404, 405, 404])
  })
})
