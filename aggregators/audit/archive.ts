import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** An archive could not be read; the message names the file or the folder. */
export class ArchiveError extends Error {
  override name = 'ArchiveError'
}

/** The files of an archive, as paths on this machine; every one is gzip NDJSON (docs/audit-format.md). */
export type Archive = {
  /** All of `windows/`. */
  windowFiles(): Promise<string[]>
  /** Those of `votes/` that were delivered in the UTC hour of `fromMs` (epoch ms) or later. */
  voteFiles(fromMs: number): Promise<string[]>
}

/** An archive in a folder that has `votes/` and `windows/`; one of the two may be missing, and is then empty. */
export const folderArchive = (folder: string): Archive => ({
  windowFiles: async () =>
    (await filesIn(join(folder, 'windows'))).map((path) => join(folder, 'windows', path)),
  voteFiles: async (fromMs) =>
    (await filesIn(join(folder, 'votes')))
      .filter((path) => isFrom(path, fromMs))
      .map((path) => join(folder, 'votes', path)),
})

/** Whether a file lies in the hour of `fromMs` or a later one. `path`: behind `votes/`; its first 13 characters are the hour. */
export const isFrom = (path: string, fromMs: number): boolean => path.slice(0, 13) >= hourOf(fromMs)

/** `YYYY/MM/DD/HH`, UTC. */
export const hourOf = (ms: number): string => new Date(ms).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')

const filesIn = async (folder: string): Promise<string[]> => {
  try {
    const paths = await readdir(folder, { recursive: true })
    return paths
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.gz'))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
