import {
  type _Record,
  type Dimension,
  type RejectedRecord,
  RejectedRecordsException,
  type TimestreamWriteClient,
  WriteRecordsCommand,
} from '@aws-sdk/client-timestream-write'
import { type WindowRecord, windowRecords } from './window-records.ts'
import type { WindowSink } from './window-sink.ts'

export type TimestreamSinkOptions = {
  database: string
  table: string
  /** Told of records that the table refused for good: how many for which reason, once per request and reason. */
  warn(message: string, refused: { reason: string; records: number }): void
}

/** AWS's limit on records per WriteRecords. */
const maxRecords = 100

/**
 * The time series, in Timestream: one multi-measure record for every number that a part holds. Names are in lower case,
 * so that SQL needs no quotes:
 *
 * - dimensions `shard`, `part` (its number), `poll` (`(none)` for votes that no poll's sums hold), `kind` (`option` or
 *   `rejection`) and `name` (the option's id, or the reason)
 * - `measure_name` is always `votes`; the measures are `votes` and `window_ms`, both BIGINT
 * - `time` is the start of the window; the version is the part's number + 1
 *
 * Values are absolute and the part is a dimension, so a part that is sent twice changes nothing, and late parts of a
 * window stand beside the first: sums over `part` are the window's.
 */
export const timestreamSink = (
  client: TimestreamWriteClient,
  { database, table, warn }: TimestreamSinkOptions,
): WindowSink => {
  const write = async (records: readonly WindowRecord[]): Promise<void> => {
    const { CommonAttributes, Records } = hoist(records.map(toRecord))
    const input = { DatabaseName: database, TableName: table, CommonAttributes, Records }
    try {
      await client.send(new WriteRecordsCommand(input))
    } catch (error) {
      // The other records are written. Those refused (too old for the memory store, over a limit) would be refused
      // every time: they are told and let go, since the archive has them and a time series must not block it.
      if (!(error instanceof RejectedRecordsException)) throw error
      for (const refused of reasons(error.RejectedRecords ?? []))
        warn(`Timestream ${database}.${table} refused ${refused.records} records for good`, refused)
    }
  }

  return {
    name: `timestream ${database}.${table}`,
    send: async (parts) => {
      const waiting: WindowRecord[] = []
      const ends = parts.map((part) => waiting.push(...windowRecords(part)))
      let written = 0
      try {
        for (; written < waiting.length; written += maxRecords)
          await write(waiting.slice(written, written + maxRecords))
        return [...parts]
      } catch (error) {
        const taken = parts.slice(0, ends.filter((end) => end <= written).length)
        if (taken.length === 0) throw error
        return taken // what stopped the others is thrown when they are tried again
      }
    },
  }
}

/** One that is there already in this version or a higher one is no loss, and not told. */
const reasons = (rejected: readonly RejectedRecord[]): { reason: string; records: number }[] => {
  const lost = rejected.filter(({ ExistingVersion }) => ExistingVersion === undefined)
  const byReason = Map.groupBy(lost, ({ Reason }) => Reason ?? 'no reason given')
  return [...byReason].map(([reason, { length }]) => ({ reason, records: length }))
}

type OwnRecord = _Record & { Dimensions: Dimension[] }

const toRecord = ({ shardId, part, poll, kind, name, votes, start, windowMs }: WindowRecord): OwnRecord => ({
  Dimensions: [
    { Name: 'shard', Value: shardId },
    { Name: 'part', Value: String(part) },
    { Name: 'poll', Value: poll },
    { Name: 'kind', Value: kind },
    { Name: 'name', Value: name },
  ],
  Time: String(start),
  Version: part + 1,
  MeasureValues: [
    { Name: 'votes', Value: String(votes), Type: 'BIGINT' },
    { Name: 'window_ms', Value: String(windowMs), Type: 'BIGINT' },
  ],
})

/** Attributes that all records of a request share are sent once: they are metered by their bytes. */
const hoist = (records: readonly OwnRecord[]): { CommonAttributes: _Record; Records: _Record[] } => {
  const [first] = records
  const isShared = (same: (record: OwnRecord) => boolean): boolean => records.every(same)
  const sharesTime = isShared(({ Time }) => Time === first?.Time)
  const sharesVersion = isShared(({ Version }) => Version === first?.Version)
  const shared = (first?.Dimensions ?? []).filter(({ Name, Value }) =>
    isShared(({ Dimensions }) => Dimensions.some((own) => own.Name === Name && own.Value === Value)),
  )
  const names = new Set(shared.map(({ Name }) => Name))
  return {
    CommonAttributes: {
      MeasureName: 'votes',
      MeasureValueType: 'MULTI',
      TimeUnit: 'MILLISECONDS',
      ...(shared.length > 0 ? { Dimensions: shared } : {}),
      ...(sharesTime ? { Time: first?.Time } : {}),
      ...(sharesVersion ? { Version: first?.Version } : {}),
    },
    Records: records.map(({ Dimensions, Time, Version, MeasureValues }) => ({
      Dimensions: Dimensions.filter(({ Name }) => !names.has(Name)),
      ...(sharesTime ? {} : { Time }),
      ...(sharesVersion ? {} : { Version }),
      MeasureValues,
    })),
  }
}
