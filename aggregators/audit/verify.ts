import type { Heads } from '../archive-line.ts'
import type { Archive } from './archive.ts'
import { compare } from './compare.ts'
import { damagedFile } from './damaged.ts'
import { type Database, literal, sqlText, withDatabase } from './database.ts'
import type { Expectation } from './expectation.ts'
import { finding } from './finding.ts'
import { checkDigests } from './part-digest.ts'
import { readLastLines } from './poll-line.ts'
import { type Verification, verification } from './verification.ts'

/** What is being done now, as the `at`th of `of` steps. DuckDB cannot say how far it is within such a query. */
export type OnProgress = (step: string, at: number, of: number) => void

/**
 * Recounts a final poll from the archive with SQL and compares raw votes, parts and result (docs/audit-format.md).
 *
 * @param expectation its poll must have a result
 * @throws ArchiveError when a file of the archive cannot be read
 */
export const verify = (
  archive: Archive,
  expectation: Expectation,
  onProgress: OnProgress = () => {},
): Promise<Verification> =>
  withDatabase(async (database) => {
    onProgress('reading the last line', 1, 5)
    const windowFiles = await archive.windowFiles()
    await database.attachWindows(windowFiles)
    const lines = await readLastLines(database, expectation.poll.id)
    const heads = expectation.heads ?? lines[0]?.heads
    const said = compare(expectation, lines, heads)
    if (heads === undefined) return verification(expectation, [], said)

    onProgress('reading the parts', 2, 5)
    await defineInputs(database, expectation, heads)
    const voteFiles = await archive.voteFiles(await firstHour(database, expectation.poll.createdAt))
    await database.attachVotes(voteFiles)
    onProgress('recounting the votes', 3, 5)
    const recounted = await database.rows(await sqlText('recount.sql'))
    const unreadable = await database.rows(unreadableWindows)
    const ranges = recounted.filter(({ topic }) => topic === 'part_range')
    const rows = [...recounted.filter(({ topic }) => topic !== 'part_range'), ...unreadable]
    onProgress('checking the digests', 4, 5)
    const digests = await checkDigests(ranges, database.lines(await sqlText('frames.sql')))
    const result = verification(expectation, rows, [...said, ...digests])
    if (result.verdict === 'agrees') return result
    onProgress('checking the files', 5, 5)
    // Only now: to name the file costs another reading of all of them.
    const file = await damagedFile([...windowFiles, ...voteFiles])
    if (file === undefined) return result
    return {
      ...result,
      verdict: 'disagrees',
      disagreements: [finding('damaged_file', { item: file }), ...result.disagreements],
    }
  })

const unreadableWindows = `SELECT 'unreadable_line' AS topic, file AS item, lines AS raw FROM unreadable_windows`

/** The relations that the SQL texts read, beside the archive's lines. */
const defineInputs = async (database: Database, { poll }: Expectation, heads: Heads): Promise<void> => {
  const { result, ...definition } = poll
  const line = JSON.stringify({ poll: definition, result, heads })
  const shards = poll.shards.map(
    (shard) => `(${literal(shard)}, ${heads[shard]?.parts ?? 0}, ${poll.createdAt})`,
  )
  await database.rows(`CREATE OR REPLACE TEMP TABLE poll_line AS SELECT ${literal(line)} AS line`)
  await database.rows(
    `CREATE OR REPLACE TEMP TABLE heads_now (shard VARCHAR, parts BIGINT, created_at BIGINT);
     ${shards.length === 0 ? '' : `INSERT INTO heads_now VALUES ${shards.join(', ')}`}`,
  )
}

/** From when on raw records are needed, epoch ms. */
const firstHour = async (database: Database, createdAt: number): Promise<number> => {
  const [scope] = await database.rows(await sqlText('scope.sql'))
  return Math.min(createdAt, Number(scope?.from_ms ?? createdAt))
}
