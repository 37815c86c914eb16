import type { Head } from '../archive-line.ts'
import { type PartBody, readPart } from '../part.ts'
import { isAfter } from '../sequence-number.ts'
import { type Database, literal, type Row, sqlText } from './database.ts'
import type { Receipt } from './receipt.ts'

/** The part that holds a record, and the chain behind it. Hashes are in hex. */
export type ChainPlace = {
  body: PartBody
  number: number
  previous: string
  hash: string
  /** SHA-256 over `previous` and the part's bytes, as computed here. */
  computed: string
  /** The part up to which the chain was followed: the last one that `head` covers, or the newest one in the archive. */
  until: { number: number; hash: string | undefined }
  /** The first part on that way that is missing, or does not fit the one before it. */
  broken: number | undefined
  /** What the poll's last line publishes for the shard; `undefined` without one. */
  head: Head | undefined
}

/** There is no part for a record: `later`, when the shard's parts in the archive end before it, else they leave it out. */
export type NoPlace = { missing: 'later' | 'left out'; newestPart: number | undefined }

/** Where a record lies in the chain of its shard. */
export const chainPlace = async (
  database: Database,
  { shardId, sequenceNumber }: Receipt,
  head: Head | undefined,
): Promise<ChainPlace | NoPlace> => {
  await database.rows(`CREATE OR REPLACE TEMP TABLE sought AS
    SELECT ${literal(shardId)} AS shard, ${literal(sequenceNumber)} AS sequence_number, CAST(${head?.parts ?? 'NULL'} AS BIGINT) AS parts`)
  const [row] = await database.rows(await sqlText('find-chain.sql'))
  if (row === undefined || row.part === null) return noPlace(row, sequenceNumber)
  const line = `shardId = ${literal(shardId)} AND part = ${row.part} AND hash = ${literal(String(row.hash))}`
  const [part] = await database.rows(`SELECT previous, bytes FROM part_lines WHERE ${line}
    ORDER BY CASE WHEN hash = sha256_hex(concat(previous, bytes)) THEN 0 ELSE 1 END LIMIT 1`)
  return {
    body: readPart({ bytes: String(part?.bytes) }),
    number: Number(row.part),
    previous: String(part?.previous),
    hash: String(row.hash),
    computed: String(row.computed),
    until: {
      number: Number(row.until_part),
      hash: row.until_hash === null ? undefined : String(row.until_hash),
    },
    broken: row.broken_part === null ? undefined : Number(row.broken_part),
    head,
  }
}

const noPlace = (row: Row | undefined, sequenceNumber: string): NoPlace => {
  const newest = row?.newest_last
  const later = newest === null || newest === undefined || isAfter(sequenceNumber, String(newest))
  const number = row?.newest_part
  return {
    missing: later ? 'later' : 'left out',
    newestPart: number === null || number === undefined ? undefined : Number(number),
  }
}
