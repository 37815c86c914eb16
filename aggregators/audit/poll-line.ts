import type { PollLine } from '../archive-line.ts'
import { type Archive, ArchiveError } from './archive.ts'
import { type Database, literal, withDatabase } from './database.ts'
import type { Expectation } from './expectation.ts'

/** What the last line of a poll says. */
export type LastLine = Pick<PollLine, 'poll' | 'result' | 'heads'>

/**
 * What an archive expects by itself: the poll as its last line has it; `undefined` when that is not there. Throws
 * `ArchiveError` when a file or that line cannot be read.
 */
export const expectationOf = (archive: Archive, pollId: string): Promise<Expectation | undefined> =>
  withDatabase(async (database) => {
    await database.attachWindows(await archive.windowFiles())
    const [line] = await readLastLines(database, pollId)
    return line && { poll: { ...line.poll, result: line.result }, heads: line.heads }
  })

/** The different last lines that the attached files have of a poll; there should be one. */
export const readLastLines = async (database: Database, pollId: string): Promise<LastLine[]> => {
  const rows = await database.rows(
    `SELECT DISTINCT CAST(poll AS VARCHAR) AS poll, CAST(result AS VARCHAR) AS result, CAST(heads AS VARCHAR) AS heads
     FROM poll_lines WHERE json_text(json_member(poll, 'id')) = ${literal(pollId)} ORDER BY ALL`,
  )
  return rows.map(({ poll, result, heads }) => {
    const line = {
      poll: JSON.parse(String(poll)),
      result: JSON.parse(String(result)),
      heads: JSON.parse(String(heads)),
    } as LastLine
    if (
      !Array.isArray(line.poll.shards) ||
      !Array.isArray(line.poll.options) ||
      !isObject(line.result.counts)
    )
      throw new ArchiveError(`The last line of poll ${pollId} names no shards, no options or no counts.`)
    return line
  })
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
