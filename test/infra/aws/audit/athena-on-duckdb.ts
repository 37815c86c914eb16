import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { folderArchive } from '../../../../aggregators/audit/archive.ts'
import { literal, sqlText } from '../../../../aggregators/audit/database.ts'
import { recountSql } from '../../../../infra/aws/audit/recount-query.ts'

export type RecountRow = {
  topic: string
  item: string
  recounted: number
  published: number
  agrees: boolean
}

/**
 * Runs the saved Athena query over an archive in a folder, on DuckDB. Its text is unchanged but for the one type whose spelling
 * DuckDB does not know; functions that Trino has and DuckDB has not, or has otherwise, are macros here.
 *
 * @param hour `YYYY/MM/DD/HH`
 */
export const athenaRecount = async (folder: string, poll: string, hour: string): Promise<RecountRow[]> => {
  const archive = folderArchive(folder)
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    await connection.run(await sqlText('functions.duckdb.sql'))
    await connection.run(trinoFunctions)
    await connection.run(tableOf('votes', await archive.voteFiles(0), recordColumns))
    await connection.run(tableOf('windows', await archive.windowFiles(), windowColumns))
    const text = recountSql().replaceAll('ARRAY(JSON)', 'JSON[]')
    const rows = (await connection.runAndReadAll(text, [poll, hour, hour])).getRowObjects()
    return rows.map(({ topic, item, recounted, published, agrees }) => ({
      topic: String(topic),
      item: String(item),
      recounted: Number(recounted),
      published: Number(published),
      agrees: agrees === true,
    }))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * As Trino has them: json_parse fails where the text is no JSON, which `try` makes NULL, gives text without blanks around it, and
 * of several members of one name keeps the last; json_extract_scalar gives numbers and `true` as texts too.
 */
const trinoFunctions = `
  CREATE MACRO json_parse(text) AS CASE WHEN valid_json(text) THEN json_extract_path(text, '$') END;
  CREATE MACRO json_format(json) AS CAST(json AS VARCHAR);
  CREATE MACRO json_extract(json, path) AS list_extract(
    json_extract_path(json, '$.*'),
    len(json_keys(json)) + 1 - list_position(list_reverse(json_keys(json)), substr(path, 3))
  );
  CREATE MACRO scalar_text(json) AS
    CASE WHEN json_kind(json) = 'string' THEN json_text(json) WHEN json_kind(json) IN ('number', 'other') THEN json_format(json) END;
  CREATE MACRO json_extract_scalar(json, path) AS scalar_text(CASE WHEN path = '$' THEN json ELSE json_extract(json, path) END);
  CREATE MACRO element_at(map, name) AS map_extract_value(map, name);
`

const tableOf = (name: string, files: readonly string[], columns: string): string =>
  `CREATE TABLE ${name} AS
   SELECT *, regexp_extract(file, '${join(name, '/')}([0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{2})/', 1) AS hour
   FROM read_json([${files.map(literal).join(', ')}], format = 'newline_delimited', compression = 'gzip',
     ignore_errors = true, filename = 'file', columns = ${columns})`

const recordColumns = `{v: 'BIGINT', kind: 'VARCHAR', shardId: 'VARCHAR', sequenceNumber: 'VARCHAR', arrival: 'BIGINT',
  partitionKey: 'VARCHAR', data: 'VARCHAR', base64: 'VARCHAR'}`
const pollColumn = `STRUCT(id VARCHAR, title VARCHAR, options MAP(VARCHAR, VARCHAR)[], createdAt BIGINT, opensAt BIGINT,
  closesAt BIGINT, shards VARCHAR[], closedAt BIGINT, finalAt BIGINT)`
const resultColumn = 'STRUCT(counts MAP(VARCHAR, BIGINT), rejected MAP(VARCHAR, BIGINT))'
const windowColumns = `{v: 'BIGINT', kind: 'VARCHAR', poll: '${pollColumn}', result: '${resultColumn}'}`
