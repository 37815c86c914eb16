import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DataFolderError } from './data-folder.ts'
import { replaceFile } from './durable-file.ts'

/**
 * The length of a data folder's windows in seconds: the one that it was first run with, else `asked`, which it keeps from
 * then on. Windows of two lengths would overlap. Throws `DataFolderError` when what it keeps cannot be read.
 */
export const keptWindowSeconds = async (folder: string, asked: number): Promise<number> => {
  const path = join(folder, 'window.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) {
    await replaceFile(path, `${JSON.stringify({ windowSeconds: asked })}\n`)
    return asked
  }
  const kept = Number(/^\{"windowSeconds":(\d+)\}\s*$/.exec(text)?.[1])
  if (kept >= 1) return kept
  throw new DataFolderError(
    `${path} must be {"windowSeconds":N}, the length of the folder's windows, not ${JSON.stringify(text.slice(0, 100))}.`,
  )
}
