import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Opens, or makes, the file of all databases. What is committed survives a kill of the process; it is not synced, so a
 * loss of power may take the last of it, and the archive has it all.
 */
export const openStore = async (folder: string): Promise<DatabaseSync> => {
  await mkdir(folder, { recursive: true })
  const store = new DatabaseSync(join(folder, 'timestream.sqlite'))
  store.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS databases (name TEXT PRIMARY KEY, created INTEGER) STRICT;
    CREATE TABLE IF NOT EXISTS tables (
      id INTEGER PRIMARY KEY, database TEXT REFERENCES databases, name TEXT,
      memory_hours INTEGER, magnetic_days INTEGER, created INTEGER, UNIQUE (database, name)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS points (
      table_id INTEGER, time_ns INTEGER, dimensions TEXT, measure_name TEXT, version INTEGER, measures TEXT,
      PRIMARY KEY (table_id, time_ns, dimensions, measure_name)
    ) STRICT, WITHOUT ROWID;
  `)
  return store
}
