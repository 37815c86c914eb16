import { createReadStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

/**
 * The first of these files that is no complete gzip stream with a right checksum; `undefined` when all are. DuckDB checks
 * neither the end nor the checksum, so this is asked when something did not agree.
 */
export const damagedFile = async (files: readonly string[]): Promise<string | undefined> => {
  for (const file of files) if (!(await isWhole(file))) return file
  return undefined
}

const isWhole = async (file: string): Promise<boolean> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const bytes = createReadStream(file)
  try {
    await pipeline(bytes, createGunzip(), nowhere)
    return bytes.bytesRead > 0
  } catch {
    return false
  }
}
