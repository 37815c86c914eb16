import { type RecordBody, readRecord } from '../../ingest/envelope.ts'
import type { Poll } from '../../ingest/poll.ts'
import type { Archive } from './archive.ts'
import { type Database, withDatabase } from './database.ts'
import { type ChainPlace, chainPlace, type NoPlace } from './find-chain.ts'
import { type Fate, type FateInput, fatesOf } from './find-fate.ts'
import { type ArchivedRecord, closeMarker, findRecords, reachOf, type Sought } from './find-records.ts'
import { type LastLine, readLastLines } from './poll-line.ts'
import type { OnProgress } from './verify.ts'

/** A record in which a sought vote stands: what became of its votes, and the part that says so. */
export type FoundRecord = {
  record: ArchivedRecord
  body: RecordBody
  /** Which of the record's votes are meant, from 0: those with the vote id, or for a receipt all of them. */
  positions: readonly number[]
  /** By the rules, of every vote in the record; a single one where it holds no readable vote. */
  fates: readonly Fate[]
  place: ChainPlace | NoPlace
  /** How many different last lines the archive has of the poll: 1 when it is final. */
  lastLines: number
}

export type FindResult = {
  records: FoundRecord[]
  /** How many records there are; `records` are the first of them. */
  total: number
  /** Where a receipt was not found: how far the archive reaches in its shard; `undefined` when it has nothing of it. */
  reach?: Awaited<ReturnType<typeof reachOf>>
}

/** Asks a running instance for a definition: `unavailable` when none is there. */
export type AskInstance = (pollId: string) => Promise<FateInput['poll']>

/**
 * Finds a voter's vote in the archive. It reads all of `votes/` once (a sequence number does not tell the time), and all
 * of `windows/` per record shown; what it keeps in memory grows with neither.
 *
 * @throws ArchiveError when a file of the archive cannot be read
 */
export const find = (
  archive: Archive,
  sought: Sought,
  askInstance: AskInstance,
  onProgress: OnProgress = () => {},
): Promise<FindResult> =>
  withDatabase(async (database) => {
    onProgress('reading the votes', 1, 2)
    await database.attachVotes(await archive.voteFiles(0))
    await database.attachWindows(await archive.windowFiles())
    const { records, total } = await findRecords(database, sought)
    if (total === 0 && 'receipt' in sought)
      return { records: [], total, reach: await reachOf(database, sought.receipt.shardId) }
    onProgress('reading the parts', 2, 2)
    const found: FoundRecord[] = []
    for (const record of records) found.push(await follow(database, record, sought, askInstance))
    return { records: found, total }
  })

const follow = async (
  database: Database,
  record: ArchivedRecord,
  sought: Sought,
  askInstance: AskInstance,
): Promise<FoundRecord> => {
  const { shardId, sequenceNumber, arrival, partitionKey, data } = record
  const body = readRecord(partitionKey, data)
  const pollId = body.kind === 'votes' ? body.poll : undefined
  const lines = pollId === undefined ? [] : await readLastLines(database, pollId)
  const poll = pollId === undefined ? 'unknown' : (definition(lines) ?? (await askInstance(pollId)))
  const marker = pollId === undefined ? undefined : await closeMarker(database, shardId, pollId)
  return {
    record,
    body,
    positions: positionsOf(body, sought),
    fates: fatesOf({ shardId, sequenceNumber, arrival, body, poll, marker }),
    place: await chainPlace(database, record, lines[0]?.heads[shardId]),
    lastLines: lines.length,
  }
}

const definition = ([line]: readonly LastLine[]): Poll | undefined =>
  line && { ...line.poll, result: line.result }

const positionsOf = (body: RecordBody, sought: Sought): number[] =>
  body.kind !== 'votes'
    ? [0]
    : body.votes.flatMap(({ voteId }, at) => ('receipt' in sought || voteId === sought.voteId ? [at] : []))
