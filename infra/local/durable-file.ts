import { type FileHandle, open, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Makes the names in a folder durable. Windows cannot open a folder for this and needs no such step. */
export const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Makes durable what any process has written to the files of a folder so far, and their names. A file called `LOCK` is
 * left alone: closing it would release the lock that this process may hold on it.
 */
export const syncFiles = async (folder: string): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile() || entry.name === 'LOCK') continue
    const handle = await openIfThere(join(folder, entry.name))
    if (handle === undefined) continue
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
  }
  await syncFolder(folder)
}

const openIfThere = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces a small file so that a reader, or a restart after a crash, sees the old text or the new one, never a mix. */
export const replaceFile = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.new`
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  await syncFolder(dirname(path))
}
