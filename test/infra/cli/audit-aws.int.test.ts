import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { certificate, certificateFlags } from '../../../infra/cli/audit/certificate.ts'
import { find, findFlags } from '../../../infra/cli/audit/find.ts'
import { replay, replayFlags } from '../../../infra/cli/audit/replay.ts'
import { verifyCommand, verifyFlags } from '../../../infra/cli/audit/verify.ts'
import { readCommandLine } from '../../../infra/cli/command.ts'
import { aPoll, shardId } from '../../aggregators/arrivals.ts'
import { type AnArchive, anArchive, sentMarker, sentVotes } from '../../aggregators/audit/an-archive.ts'
import { tableName } from '../local/open-count-table.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'
import { aStack } from './a-stack.ts'
import { archiveObjects, openS3 } from './audit-s3-server.ts'
import { writePoll } from './audit-table.ts'

const createdAt = Date.UTC(2026, 5, 1, 19)
const closedAt = createdAt + 9000
const poll = aPoll({ createdAt, opensAt: createdAt, shards: [shardId], closedAt })
const lines: AnArchive = anArchive(poll, {
  [shardId]: [
    sentVotes(createdAt + 1000, ['ana', 'ana']),
    sentVotes(createdAt + 2000, ['bia']),
    sentMarker(createdAt + 9300, poll),
  ],
})
const aws = ['--aws', '--stack', 'show']

const out: string[] = []
beforeEach(() => {
  out.length = 0
  process.exitCode = undefined
  vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text))
  vi.spyOn(console, 'error').mockImplementation((text) => void out.push(text))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  // Nothing of an instance that may have run in the folder of these tests.
  vi.spyOn(process, 'cwd').mockReturnValue('/nowhere')
  vi.stubEnv('AWS_ENDPOINT_URL', undefined)
})
afterEach(() => {
  process.exitCode = undefined
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** A stack whose bucket has the archive and whose table has the poll; what was asked of the bucket. */
const deployed = async (): Promise<string[]> => {
  const { client, environment } = await aStack()
  const { url, asked } = await openS3('show-archive', await archiveObjects(lines))
  for (const [name, value] of Object.entries({ ...environment, AWS_ENDPOINT_URL_S3: url }))
    vi.stubEnv(name, value)
  await writePoll(client, tableName, lines)
  return asked
}

it("verify compares the stack's archive with the stack's table", async () => {
  const asked = await deployed()
  await verifyCommand(readCommandLine(['--poll', 'final', ...aws], verifyFlags))
  expect(out.join('\n')).toMatch(/votes: Ana \(ana\) +2 +2 +2 +agree/)
  expect(out.join('\n')).not.toContain('Not compared')
  expect(process.exitCode).toBe(0)
  expect(asked).toContain('list windows/')
})

it("certificate is written from the stack's archive and its table", async () => {
  await deployed()
  const folder = await temporaryFolder()
  await certificate(readCommandLine(['--poll', 'final', '--out', folder, ...aws], certificateFlags))
  expect((await readdir(folder)).sort()).toEqual(['certificate-final.html', 'certificate-final.json'])
})

it("find shows a vote in the stack's archive", async () => {
  await deployed()
  const receipt = `${shardId}:${lines.records[1]?.sequenceNumber}`
  await find(readCommandLine(['--receipt', receipt, ...aws], findFlags))
  expect(out.join('\n')).toContain('counted for Bia in poll Final')
  expect(process.exitCode).toBe(0)
})

it("find takes a definition that no last line has yet from the stack's table", async () => {
  const { client, environment } = await aStack()
  const windows = lines.windows.filter((line) => JSON.parse(line).kind === 'part')
  const { url } = await openS3('show-archive', await archiveObjects({ ...lines, windows }))
  for (const [name, value] of Object.entries({ ...environment, AWS_ENDPOINT_URL_S3: url }))
    vi.stubEnv(name, value)
  await writePoll(client, tableName, lines)
  const receipt = `${shardId}:${lines.records[1]?.sequenceNumber}`
  await find(readCommandLine(['--receipt', receipt, ...aws], findFlags))
  expect(out.join('\n')).toContain('counted for Bia in poll Final')
})

it("replay shows the past from the stack's archive", async () => {
  await deployed()
  const at = new Date(closedAt + 1000).toISOString()
  await replay(readCommandLine(['--poll', 'final', '--at', at, '--json', ...aws], replayFlags))
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    counted: 3,
    options: [
      { id: 'ana', votes: 2 },
      { id: 'bia', votes: 1 },
    ],
  })
})
