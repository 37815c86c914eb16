import { readRecord } from '../../ingest/envelope.ts'
import { controlKey } from '../../ingest/partition-key.ts'
import { isAfter } from '../sequence-number.ts'
import { type Database, literal, type Row } from './database.ts'
import type { Receipt } from './receipt.ts'

/** What is looked for: the record of a receipt, or every record with a vote of this id. */
export type Sought = { receipt: Receipt } | { voteId: string }

/** A record as the archive has it. `differing`: lines that name the same record and say something else. */
export type ArchivedRecord = Receipt & {
  /** Epoch ms. */
  arrival: number
  partitionKey: string
  data: string
  differing: number
}

/** A vote id is the client's own, so any number of records may carry it; this many are shown. */
export const maxRecords = 20

/**
 * Reads all of `votes/` once and keeps, in DuckDB, what matches and every close marker.
 *
 * @returns the first `maxRecords` by arrival, and how many there are in all
 */
export const findRecords = async (
  database: Database,
  sought: Sought,
): Promise<{ records: ArchivedRecord[]; total: number }> => {
  await database.rows(`CREATE OR REPLACE TEMP TABLE kept AS
    SELECT DISTINCT shardId, sequenceNumber, arrival, partitionKey, data, ${matches(sought)} AS sought
    FROM record_lines
    WHERE v = 1 AND kind = 'record' AND data IS NOT NULL AND (${matches(sought)} OR partitionKey = ${literal(controlKey)})`)
  const [counted] = await database.rows(
    'SELECT count(*) AS total FROM (SELECT DISTINCT shardId, sequenceNumber FROM kept WHERE sought)',
  )
  const rows = await database.rows(
    `SELECT shardId, sequenceNumber, arrival, partitionKey, data, count(*) OVER same - 1 AS differing
     FROM kept WHERE sought
     WINDOW same AS (PARTITION BY shardId, sequenceNumber)
     QUALIFY row_number() OVER (PARTITION BY shardId, sequenceNumber ORDER BY data) = 1
     ORDER BY arrival, shardId, length(sequenceNumber), sequenceNumber LIMIT ${maxRecords}`,
  )
  return { records: rows.map(toRecord), total: Number(counted?.total ?? 0) }
}

/** An id as the gateway writes it: it has no character that JSON would escape. */
const matches = (sought: Sought): string =>
  'voteId' in sought
    ? `regexp_matches(data, ${literal(`"voteId"\\s*:\\s*"${sought.voteId}"`)})`
    : `(shardId = ${literal(sought.receipt.shardId)} AND sequenceNumber = ${literal(sought.receipt.sequenceNumber)})`

const toRecord = (row: Row): ArchivedRecord => ({
  shardId: String(row.shardId),
  sequenceNumber: String(row.sequenceNumber),
  arrival: Number(row.arrival),
  partitionKey: String(row.partitionKey),
  data: String(row.data),
  differing: Number(row.differing),
})

/** The sequence number of a poll's first close marker in a shard, after `findRecords`; `undefined` without one. */
export const closeMarker = async (
  database: Database,
  shardId: string,
  pollId: string,
): Promise<string | undefined> => {
  const rows = await database.rows(
    `SELECT sequenceNumber, data FROM kept
     WHERE shardId = ${literal(shardId)} AND partitionKey = ${literal(controlKey)} AND contains(data, ${literal(`"${pollId}"`)})`,
  )
  return rows
    .filter(({ data }) => {
      const body = readRecord(controlKey, String(data))
      return body.kind === 'close' && body.poll.id === pollId
    })
    .map(({ sequenceNumber }) => String(sequenceNumber))
    .reduce<string | undefined>(
      (first, one) => (first === undefined || isAfter(first, one) ? one : first),
      undefined,
    )
}

/** How far the archive's records of a shard reach; `undefined` when it has none. Reads all of `votes/`. */
export const reachOf = async (
  database: Database,
  shardId: string,
): Promise<{ oldest: string; newest: string; newestArrival: number } | undefined> => {
  const [row] = await database.rows(
    `SELECT
       substr(min(place), 4) AS oldest, substr(max(place), 4) AS newest, arg_max(arrival, place) AS newest_arrival
     FROM (
       SELECT concat(lpad(CAST(length(sequenceNumber) AS VARCHAR), 3, '0'), sequenceNumber) AS place, arrival
       FROM record_lines
       WHERE v = 1 AND kind = 'record' AND shardId = ${literal(shardId)} AND sequenceNumber IS NOT NULL
     )`,
  )
  if (row === undefined || row.newest === null) return undefined
  return {
    oldest: String(row.oldest),
    newest: String(row.newest),
    newestArrival: Number(row.newest_arrival),
  }
}
