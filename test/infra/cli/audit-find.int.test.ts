import { join } from 'node:path'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { partLine } from '../../../aggregators/archive-line.ts'
import { find, findFlags } from '../../../infra/cli/audit/find.ts'
import { readCommandLine } from '../../../infra/cli/command.ts'
import { ensureCountTable } from '../../../infra/local/count-table.ts'
import { defaultTableName, pollSortKey, pollsKey } from '../../../ingest/count-table.ts'
import { writeEnvelope } from '../../../ingest/envelope.ts'
import { aPoll } from '../../aggregators/arrivals.ts'
import {
  type AnArchive,
  anArchive,
  sentMarker,
  sentVotes,
  writeLines,
} from '../../aggregators/audit/an-archive.ts'
import { openCountTable } from '../local/open-count-table.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'

const createdAt = Date.UTC(2026, 5, 1, 19)
const shard = 'shardId-000000000000'
const poll = aPoll({ createdAt, opensAt: createdAt, shards: [shard], closedAt: createdAt + 9000 })

const archive = (): AnArchive =>
  anArchive(poll, {
    [shard]: [
      sentVotes(createdAt + 1000, ['ana']),
      {
        arrival: createdAt + 2000,
        data: writeEnvelope('final', createdAt + 1990, [
          { option: 'bia' },
          { option: 'ana', voteId: 'mine', voterId: 'me', castAt: createdAt + 1900 },
        ]),
      },
      sentVotes(createdAt + 2100, Array(30).fill('ana')),
      // Put into the stream by somebody else than the gateway.
      {
        arrival: createdAt + 2200,
        data: '{"v":1,"poll":"final","acceptedAt":1,"n":1,"votes":[{"option":"\\u001b[2J"}]}',
      },
      sentMarker(createdAt + 9300, poll),
    ],
  })

const out: string[] = []
beforeEach(() => {
  out.length = 0
  process.exitCode = undefined
  vi.spyOn(console, 'log').mockImplementation((text) => void out.push(text))
  vi.spyOn(console, 'error').mockImplementation((text) => void out.push(text))
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.stubEnv('AWS_ENDPOINT_URL', undefined)
})
afterEach(() => {
  process.exitCode = undefined
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** Writes the archive and looks for something in it. */
const found = async (lines: Pick<AnArchive, 'votes' | 'windows'>, ...args: string[]) => {
  const folder = await temporaryFolder()
  await writeLines(join(folder, 's3/placar-audit'), lines)
  await find(readCommandLine(['--from', folder, ...args], findFlags))
  return { text: out.join('\n'), exitCode: process.exitCode }
}

const receipt = ({ records }: AnArchive, ms: number): string => {
  const record = records.find(({ arrival }) => arrival === createdAt + ms)
  return `${shard}:${record?.sequenceNumber}`
}

describe('npm run audit -- find', () => {
  it('shows a vote, what became of it, the part that counted it and that part’s place in the chain', async () => {
    const lines = archive()
    const { text, exitCode } = await found(lines, '--vote-id', 'mine')
    expect(text.split('\n')).toEqual([
      `Record     ${receipt(lines, 2000)}`,
      'Arrived    2026-06-01T19:00:02.000Z',
      'Key        v-0-1',
      'Vote       2 of 2, for ana in poll final, voteId mine, voterId me, cast at 2026-06-01T19:00:01.900Z, says the client',
      '           counted for Ana in poll Final',
      `Part       1 of ${shard}, window 2026-06-01T19:00:02.000Z to 2026-06-01T19:00:03.000Z`,
      '           3 records; of the poll 32 counted and 1 rejected',
      `Hash       ${lines.parts[1]?.hash}`,
      `Previous   ${lines.parts[0]?.hash}`,
      'Checked    yes  the archive has one version of the record',
      '           yes  the part’s bytes name its shard and its number',
      '           yes  the record’s sequence number lies within the part’s range',
      '           yes  the part’s sums have room for every vote of the record',
      '           yes  SHA-256 over the previous hash and the part’s bytes is the part’s hash',
      '           yes  part 2 is chained to it, link by link',
      '           yes  the hash of part 2 is the head that the poll’s last line publishes for the shard',
      'More       npm run audit -- verify --poll final recounts this part and all others',
      '',
    ])
    expect(exitCode).toBe(0)
  })

  it('shows the first twenty votes of a batch, and how many more there are', async () => {
    const lines = archive()
    const { text } = await found(lines, '--receipt', receipt(lines, 2100))
    expect(text.match(/^Vote /gm)).toHaveLength(20)
    expect(text).toContain('and 10 votes more in this record')
  })

  it('prints nothing that a terminal would obey', async () => {
    const lines = archive()
    const { text } = await found(lines, '--receipt', receipt(lines, 2200))
    expect(text).toContain('rejected as unknown_option: poll final has no option \ufffd[2J')
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('says what does not hold, with an exit code of 2', async () => {
    const lines = archive()
    const windows = lines.windows.map((line) => line.replace('\\"ana\\":31', '\\"ana\\":91'))
    const { text, exitCode } = await found({ ...lines, windows }, '--vote-id', 'mine')
    expect(text).toMatch(/^ +NO {3}SHA-256 over/m)
    expect(exitCode).toBe(2)
  })

  it('shows a vote whose part is not there yet, with an exit code of 3', async () => {
    const lines = archive()
    const windows = lines.parts.slice(0, 1).map(partLine)
    const { text, exitCode } = await found({ ...lines, windows }, '--vote-id', 'mine')
    expect(text).toContain('Not yet    the part that has it is not in the archive yet')
    expect(exitCode).toBe(3)
  })

  it.each([
    [['--receipt', `${shard}:999`], 'it has not been archived yet'],
    [['--receipt', `${shard}:1`], 'the files of that time were deleted, or the receipt is wrong'],
    [['--receipt', 'shardId-000000000009:8'], 'The archive has no record of shardId-000000000009.'],
    [['--vote-id', 'another'], 'No record in the archive carries the vote id another.'],
  ])('%j is not there: says what that means, with an exit code of 1', async (args, message) => {
    const { text, exitCode } = await found(archive(), ...args)
    expect(text).toContain(message)
    expect(exitCode).toBe(1)
  })

  it('a record between others that is not there was taken out, or the receipt is wrong', async () => {
    const lines = archive()
    const votes = lines.votes.filter((_, at) => at !== 1)
    const { text, exitCode } = await found({ ...lines, votes }, '--receipt', receipt(lines, 2000))
    expect(text).toContain('Records before and behind it are there')
    expect(exitCode).toBe(1)
  })

  it.each([
    [[], 'Either --receipt SHARD:NUMBER or --vote-id ID is needed.'],
    [['--receipt', `${shard}:1`, '--vote-id', 'x'], 'Either --receipt'],
    [['--receipt', '12345'], '--receipt must be the receipt of the 202 as shardId:sequenceNumber'],
    [['--vote-id', "x' OR 1=1"], '--vote-id must be 1 to 64 of'],
  ])('%j says what was expected', async (args, message) => {
    await expect(find(readCommandLine(args, findFlags))).rejects.toThrow(message)
  })

  it('asks the instance for a poll that has no last line yet', async () => {
    const lines = archive()
    const open = { ...lines, windows: lines.parts.map(partLine) }
    const args = ['--receipt', receipt(lines, 1000)]
    expect((await found(open, ...args)).text).toContain('not to be told yet: poll final has no last line')

    const { client, endpoint } = await openCountTable()
    await ensureCountTable(client, defaultTableName)
    expect((await found(open, ...args, '--endpoint-url', endpoint)).text).toContain('there is no poll final')
    const { shards: _shards, closedAt: _closedAt, ...definition } = poll
    const Item = marshall({ PK: pollsKey, SK: pollSortKey(poll.id), ...definition })
    await client.send(new PutItemCommand({ TableName: defaultTableName, Item }))
    const { text, exitCode } = await found(open, ...args, '--endpoint-url', endpoint)
    expect(text).toContain('counted for Ana in poll Final')
    expect(text).toContain('no head that a poll has published was there to compare with')
    expect(exitCode).toBe(0)
  })
})
