import type { DatabaseSync } from 'node:sqlite'

/** Times are epoch ms. */
export type DatabaseRecord = { name: string; created: number; tables: number }

export type TableRecord = {
  id: number
  database: string
  name: string
  memoryHours: number
  magneticDays: number
  created: number
}

/** AWS's defaults (quotas). */
const defaultRetention = { memoryHours: 6, magneticDays: 73_000 }

/** Which databases and tables there are, by name. */
export const openCatalogue = (store: DatabaseSync, now: () => number) => {
  const databaseColumns =
    'SELECT name, created, (SELECT count(*) FROM tables WHERE database = databases.name) AS tables FROM databases'
  const tableColumns =
    'SELECT id, database, name, memory_hours AS memoryHours, magnetic_days AS magneticDays, created FROM tables'
  const sql = {
    database: store.prepare(`${databaseColumns} WHERE name = ?`),
    databases: store.prepare(`${databaseColumns} ORDER BY name`),
    addDatabase: store.prepare('INSERT OR IGNORE INTO databases VALUES (?, ?)'),
    table: store.prepare(`${tableColumns} WHERE database = ? AND name = ?`),
    tables: store.prepare(`${tableColumns} ORDER BY database, name`),
    addTable: store.prepare(
      'INSERT OR IGNORE INTO tables (database, name, memory_hours, magnetic_days, created) VALUES (?, ?, ?, ?, ?)',
    ),
  }
  return {
    database: (name: string) => sql.database.get(name) as DatabaseRecord | undefined,
    databases: () => sql.databases.all() as DatabaseRecord[],
    /** Whether it was made: `false` when it is there already. */
    createDatabase: (name: string): boolean => sql.addDatabase.run(name, now()).changes === 1,
    table: (database: string, name: string) => sql.table.get(database, name) as TableRecord | undefined,
    tables: () => sql.tables.all() as TableRecord[],
    /** Whether it was made: `false` when it is there already. Throws when its database is not there. */
    createTable: (database: string, name: string, retention: Partial<typeof defaultRetention>): boolean => {
      const { memoryHours, magneticDays } = { ...defaultRetention, ...retention }
      return sql.addTable.run(database, name, memoryHours, magneticDays, now()).changes === 1
    },
  }
}
