import { openCatalogue, type TableRecord } from './catalogue.ts'
import { outsideWindow } from './ingestion-window.ts'
import { overLimit } from './limits.ts'
import type { Point } from './point.ts'
import { openPoints, type StoredPoint } from './points.ts'
import { openStore } from './schema.ts'
import { upsert } from './upsert.ts'

export type TimestreamOptions = {
  folder: string
  /** Epoch ms. */
  now(): number
}

/** A point that was not written, by its place in the request. */
export type RejectedPoint = { index: number; reason: string; existingVersion?: number }

export type Timestream = ReturnType<typeof openCatalogue> & {
  /** Makes the database and the table where they are missing, with AWS's default retention. */
  ensureTable(database: string, table: string): void
  /** Writes points, all that can be in one transaction. Returns those that AWS would reject. */
  write(table: TableRecord, points: readonly Point[]): RejectedPoint[]
  /** What a table holds, oldest first; nothing where there is no such table. */
  records(database: string, table: string): Iterable<StoredPoint>
  close(): void
}

/** Timestream for LiveAnalytics, the writing half: time series in one SQLite file in `folder`. */
export const openTimestream = async ({ folder, now }: TimestreamOptions): Promise<Timestream> => {
  const store = await openStore(folder)
  const catalogue = openCatalogue(store, now)
  const points = openPoints(store)

  const write = (table: TableRecord, point: Point): Omit<RejectedPoint, 'index'> | undefined => {
    const timeMs = Number(point.timeNs / 1_000_000n)
    const refused = overLimit(point) ?? outsideWindow(timeMs, table.memoryHours, now())
    if (refused !== undefined) return { reason: refused }
    const key = points.keyOf(table.id, point)
    const measures = points.textOf(point)
    const outcome = upsert(points.read(key), { version: point.version, measures })
    if (typeof outcome === 'object') return outcome
    if (outcome === 'write') points.put(key, point.version, measures)
    return undefined
  }

  return {
    ...catalogue,
    ensureTable: (database, table) => {
      catalogue.createDatabase(database)
      catalogue.createTable(database, table, {})
    },
    write: (table, written) => {
      const rejected: RejectedPoint[] = []
      store.exec('BEGIN IMMEDIATE')
      try {
        for (const [index, point] of written.entries()) {
          const refused = write(table, point)
          if (refused) rejected.push({ index, ...refused })
        }
        store.exec('COMMIT')
      } catch (error) {
        store.exec('ROLLBACK')
        throw error
      }
      return rejected
    },
    records: (database, name) => {
      const table = catalogue.table(database, name)
      return table === undefined ? [] : points.all(table.id)
    },
    close: () => store.close(),
  }
}
