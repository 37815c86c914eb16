import { createReadStream } from 'node:fs'
import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline as connect } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { PartLine, PollLine } from '../../../aggregators/archive-line.ts'
import { type PastWindow, pastWindows } from '../../../aggregators/audit/replay-windows.ts'
import { readPart } from '../../../aggregators/part.ts'
import { pipeline } from '../../config.ts'
import { UsageError } from '../command.ts'

/** What an archive has of one poll. `last`: its last line, `undefined` until it is final and all its parts are sent. */
export type ArchivedPoll = { windows: PastWindow[]; last: PollLine | undefined }

/**
 * Reads the parts of a poll, and its last line, from an archive: files of gzipped NDJSON under `windows/`. Hashes are not
 * checked; that is what `audit -- verify` does.
 *
 * @param folder a data folder, or a folder that holds what the bucket held
 * @param told is told after each file how many of them are read
 * @throws `UsageError` when it is neither, or a file in it is not whole
 */
export const readArchivedPoll = async (
  folder: string,
  pollId: string,
  told: (read: number, files: number) => void = () => {},
): Promise<ArchivedPoll> => {
  const windows = pastWindows(pollId)
  let last: PollLine | undefined
  const files = await archiveFiles(folder)
  for (const [at, file] of files.entries()) {
    for await (const text of linesOf(file)) {
      // Most lines are of other polls; an id has no character that JSON escapes, however deep it lies.
      if (!text.includes(pollId)) continue
      const line = parseLine(text, file)
      if (line.kind === 'part') windows.add(readPart(line))
      else if (line.kind === 'poll' && line.poll.id === pollId) last = line
    }
    told(at + 1, files.length)
  }
  return { windows: windows.all(), last }
}

const { bucket, windows: delivery } = pipeline.audit

const archiveFiles = async (folder: string): Promise<string[]> => {
  const places = [join(folder, 's3', bucket, delivery.prefix), join(folder, delivery.prefix)]
  for (const place of places) {
    if (!(await exists(place))) continue
    const entries = await readdir(place, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.gz'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  }
  throw new UsageError(
    `There is no archive in ${folder}: neither s3/${bucket}/${delivery.prefix} nor ${delivery.prefix} is in it. Name a data folder or an export with --from.`,
  )
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

async function* linesOf(path: string): AsyncGenerator<string> {
  const text = connect(createReadStream(path), createGunzip(), () => {})
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY }))
      if (line !== '') yield line
  } catch (error) {
    throw new UsageError(`${path} cannot be read as gzip (${(error as Error).message}).`, { cause: error })
  }
}

const parseLine = (text: string, path: string): PartLine | PollLine => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${path} holds a line that is not JSON: ${text.slice(0, 80)}`, { cause: error })
  }
}
