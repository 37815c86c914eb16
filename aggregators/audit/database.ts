import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBResultReader } from '@duckdb/node-api'
import { ArchiveError } from './archive.ts'
import { damagedFile } from './damaged.ts'

/** What one query gave: a record a row; counts (BIGINT) are numbers. */
export type Row = Record<string, string | number | null>

/** A recount's DuckDB: in memory, spilling to a temporary folder, with the functions the SQL texts name. */
export type Database = {
  /** Runs SQL and gives its rows. Throws `ArchiveError` for a file that cannot be read. */
  rows(sql: string): Promise<Row[]>
  /**
   * Runs SQL that gives one column of texts without line breaks, and gives them in the SQL's order, many at a time. They go by
   * way of a file: memory stays bounded, and turning a million rows into values would take longer.
   */
  lines(sql: string): AsyncIterable<string[]>
  /** Makes files of `windows/` readable as `part_lines`, `poll_lines` and `unreadable_windows`. */
  attachWindows(files: readonly string[]): Promise<void>
  /** Makes files of `votes/` readable as `record_lines`. */
  attachVotes(files: readonly string[]): Promise<void>
}

/** What DuckDB may use; recounting 1.2 million votes, the whole process stays between 650 and 850 MB (test/aggregators/audit/generate.ts). */
const memoryLimit = '400MB'
const threads = '2'

/** Runs `work` with a database, which is gone afterwards, its temporary folder too. */
export const withDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
  const spill = await mkdtemp(join(tmpdir(), 'placar-audit-'))
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit,
    threads,
    temp_directory: spill,
    preserve_insertion_order: 'false',
    // Everything the SQL needs is built in; an audit fetches no code.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  try {
    await connection.run(await sqlText('functions.duckdb.sql'))
    return await work(databaseOn(connection, join(spill, 'lines')))
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(spill, { recursive: true, force: true })
  }
}

/** One of the SQL texts beside this file. */
export const sqlText = (name: string): Promise<string> => readFile(join(import.meta.dirname, name), 'utf8')

/** Text as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

const databaseOn = (connection: DuckDBConnection, linesFile: string): Database => {
  let attached: readonly string[] = []

  const query = async (sql: string): Promise<DuckDBResultReader> => {
    try {
      return await connection.runAndReadAll(sql)
    } catch (error) {
      const damaged = await damagedFile(attached)
      if (damaged === undefined) throw error
      throw new ArchiveError(`${damaged} cannot be read: it is no complete gzip file.`, { cause: error })
    }
  }

  const rows = async (sql: string): Promise<Row[]> => (await query(sql)).getRowObjects().map(toRow)

  const lines = async function* (sql: string): AsyncGenerator<string[]> {
    await query(`COPY (${sql}) TO ${literal(linesFile)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '')`)
    yield* linesOf(linesFile)
  }

  const attach = async (view: string, files: readonly string[], columns: string): Promise<void> => {
    attached = [...attached, ...files]
    await connection.run(`CREATE OR REPLACE VIEW ${view} AS ${readLines(files, columns)}`)
  }

  return {
    rows,
    lines,
    attachWindows: async (files) => {
      await attach('window_lines', files, windowColumns)
      await connection.run(windowViews)
    },
    attachVotes: (files) => attach('record_lines', files, recordColumns),
  }
}

const recordColumns = `{v: 'BIGINT', kind: 'VARCHAR', shardId: 'VARCHAR', sequenceNumber: 'VARCHAR', arrival: 'BIGINT',
  partitionKey: 'VARCHAR', data: 'VARCHAR', base64: 'VARCHAR'}`
const windowColumns = `{v: 'BIGINT', kind: 'VARCHAR', shardId: 'VARCHAR', part: 'BIGINT', previous: 'VARCHAR', hash: 'VARCHAR',
  bytes: 'VARCHAR', poll: 'JSON', result: 'JSON', heads: 'JSON'}`

const windowViews = `
  CREATE OR REPLACE VIEW part_lines AS
    SELECT file, shardId, part, previous, hash, bytes FROM window_lines
    WHERE v = 1 AND kind = 'part' AND shardId IS NOT NULL AND part IS NOT NULL AND bytes IS NOT NULL;
  CREATE OR REPLACE VIEW poll_lines AS
    SELECT poll, result, heads FROM window_lines
    WHERE v = 1 AND kind = 'poll' AND poll IS NOT NULL AND result IS NOT NULL AND heads IS NOT NULL;
  CREATE OR REPLACE VIEW unreadable_windows AS
    SELECT file, count(*) AS lines FROM window_lines
    WHERE (v = 1 AND kind = 'part' AND shardId IS NOT NULL AND part IS NOT NULL AND bytes IS NOT NULL
        OR v = 1 AND kind = 'poll' AND poll IS NOT NULL AND result IS NOT NULL AND heads IS NOT NULL) IS NOT TRUE
    GROUP BY file;`

/** A line that is no JSON, or has another shape, becomes a row of nulls, which the SQL counts by file. */
const readLines = (files: readonly string[], columns: string): string =>
  files.length === 0
    ? `SELECT NULL::VARCHAR AS file, * FROM (SELECT UNNEST(NULL::STRUCT(${structOf(columns)})[], recursive := true))`
    : `SELECT * FROM read_json([${files.map(literal).join(', ')}], format = 'newline_delimited', compression = 'gzip',
        ignore_errors = true, filename = 'file', columns = ${columns})`

const structOf = (columns: string): string => columns.slice(1, -1).replaceAll(/:\s*'(\w+)'/g, ' $1')

const linesOf = async function* (file: string): AsyncGenerator<string[]> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
}

const toRow = (row: Record<string, unknown>): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null || value === undefined
        ? null
        : typeof value === 'bigint'
          ? Number(value)
          : String(value),
    ]),
  )
