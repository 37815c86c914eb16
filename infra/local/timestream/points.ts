import type { DatabaseSync } from 'node:sqlite'
import type { Measure, Point } from './point.ts'
import type { Stored } from './upsert.ts'

/** A point as it is read back. */
export type StoredPoint = {
  timeMs: number
  measureName: string
  dimensions: Record<string, string>
  /** By name, as text. */
  measures: Record<string, string>
  version: number
}

/** What tells points apart. */
export type PointKey = [tableId: number, timeNs: bigint, dimensions: string, measureName: string]

type Row = { time_ns: bigint; measure_name: string; dimensions: string; measures: string; version: bigint }

/** The points of all tables. */
export const openPoints = (store: DatabaseSync) => {
  const sql = {
    read: store.prepare(
      'SELECT version, measures FROM points WHERE table_id = ? AND time_ns = ? AND dimensions = ? AND measure_name = ?',
    ),
    put: store.prepare(
      'INSERT OR REPLACE INTO points (table_id, time_ns, dimensions, measure_name, version, measures) VALUES (?, ?, ?, ?, ?, ?)',
    ),
  }
  return {
    keyOf: (tableId: number, { timeNs, dimensions, measureName }: Point): PointKey => [
      tableId,
      timeNs,
      JSON.stringify(dimensions),
      measureName,
    ],
    /** Equal for equal measures. */
    textOf: ({ measures }: Point): string => JSON.stringify(measures),
    read: (key: PointKey) => sql.read.get(...key) as Stored | undefined,
    put: (key: PointKey, version: number, measures: string): void => {
      sql.put.run(...key, version, measures)
    },
    /** One row at a time, so that a table of any size can be read. */
    all: function* (tableId: number): Generator<StoredPoint> {
      const select = store.prepare('SELECT * FROM points WHERE table_id = ?')
      select.setReadBigInts(true)
      for (const row of select.iterate(tableId)) yield fromRow(row as Row)
    },
  }
}

const fromRow = ({ time_ns, measure_name, dimensions, measures, version }: Row): StoredPoint => ({
  timeMs: Number(time_ns / 1_000_000n),
  measureName: measure_name,
  dimensions: Object.fromEntries(JSON.parse(dimensions)),
  measures: Object.fromEntries((JSON.parse(measures) as Measure[]).map(({ name, value }) => [name, value])),
  version: Number(version),
})
