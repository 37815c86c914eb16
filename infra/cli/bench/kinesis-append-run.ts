import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { KinesisAppend } from '../../../load/bench/kinesis-append.ts'
import { LoadError } from '../../../load/load-error.ts'

const program = join(import.meta.dirname, 'kinesis-append.ts')

/** Appends records in a process of its own, whose memory is then that of the log. Throws `LoadError` when it fails, or is aborted. */
export const runAppend = async (
  folder: string,
  records: number,
  shards: number,
  signal: AbortSignal,
): Promise<KinesisAppend> => {
  const args = ['--expose-gc', program, folder, String(records), String(shards)]
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { signal })
    return JSON.parse(stdout)
  } catch (cause) {
    throw new LoadError('Appending in process failed.', { cause })
  }
}
