import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../durable-file.ts'

/**
 * Writes an object so that it is there as a whole or not at all, and durable when this settles. Rejects when it cannot
 * be written; nothing of it is then left.
 *
 * @param temporary path on the same disk
 */
export const writeObject = async (path: string, temporary: string, bytes: Uint8Array): Promise<void> => {
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    const folder = dirname(path)
    const made = await mkdir(folder, { recursive: true })
    if (made !== undefined) await syncUpTo(folder, made)
    await rename(temporary, path)
    await syncFolder(folder)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes the names of new folders durable: of all from `folder` up to `topmost`. */
const syncUpTo = async (folder: string, topmost: string): Promise<void> => {
  for (let up = folder; up.length >= topmost.length; up = dirname(up)) await syncFolder(dirname(up))
}
