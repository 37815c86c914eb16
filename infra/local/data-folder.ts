import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { replaceFile } from './durable-file.ts'

/**
 * The format of what this version keeps; it is raised when an older Placar could no longer read it.
 * Format 2: the count table has an outbox for each sink, and a stream's folder a name that no stream can choose.
 */
export const folderFormat = 2

/** Where a running instance is, for the commands (`run.json`). */
export type RunFile = { pid: number; url: string; awsEndpoint: string; startedAt: string }

/** A data folder, held by this process alone until it is closed or the process ends, however it ends. */
export type DataFolder = {
  path: string
  announce(run: RunFile): Promise<void>
  close(): void
}

/** A folder that cannot be used; the message says how to mend it. */
export class DataFolderError extends Error {
  override name = 'DataFolderError'
}

const runFile = (path: string): string => join(path, 'run.json')

/** Opens, or makes, a data folder. Throws `DataFolderError` when it cannot be written, is in use, or is too new. */
export const openDataFolder = async (path: string): Promise<DataFolder> => {
  let lock: DatabaseSync
  try {
    await mkdir(path, { recursive: true })
    lock = new DatabaseSync(join(path, 'lock'))
    // The kernel releases SQLite's lock when the process ends. Nothing is stored in the file but the format number.
    lock.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    throw (error as { errcode?: number }).errcode === sqliteBusy
      ? await inUse(path)
      : new DataFolderError(
          `The data folder ${path} cannot be written (${(error as Error).message}). Make it writable, or choose another one with --data-dir.`,
        )
  }
  const { user_version: found } = lock.prepare('PRAGMA user_version').get() as { user_version: number }
  // 0 is a file that was just made.
  if (found !== 0 && found !== folderFormat) {
    lock.close()
    const other = found > folderFormat ? 'newer' : 'older'
    throw new DataFolderError(
      `The data folder ${path} has format ${found}, this Placar has format ${folderFormat}. Use the ${other} Placar that made it, or another --data-dir.`,
    )
  }
  // With locking_mode EXCLUSIVE the lock outlasts the transaction.
  lock.exec(`PRAGMA user_version = ${folderFormat}; COMMIT`)
  return {
    path,
    announce: (run) => replaceFile(runFile(path), `${JSON.stringify(run, null, 2)}\n`),
    close: () => lock.close(),
  }
}

/** Where the instance of a data folder is, or was last; `undefined` when it never ran. */
export const readRunFile = async (path: string): Promise<RunFile | undefined> => {
  try {
    return JSON.parse(await readFile(runFile(path), 'utf8'))
  } catch {
    return undefined
  }
}

/** SQLITE_BUSY: another process has the lock. */
const sqliteBusy = 5

const inUse = async (path: string): Promise<DataFolderError> => {
  const run = await readRunFile(path)
  const by = run === undefined ? 'another Placar' : `the Placar at ${run.url} (process ${run.pid})`
  return new DataFolderError(
    `The data folder ${path} is in use by ${by}. Stop that one first, or choose another folder with --data-dir.`,
  )
}
