import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline as connect } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { PartLine, PollLine } from '../../../aggregators/archive-line.ts'
import type { Archive } from '../../../aggregators/audit/archive.ts'
import { type PastWindow, pastWindows } from '../../../aggregators/audit/replay-windows.ts'
import { readPart } from '../../../aggregators/part.ts'
import { UsageError } from '../command.ts'

/** What an archive has of one poll. `last`: its last line, `undefined` until it is final and all its parts are sent. */
export type ArchivedPoll = { windows: PastWindow[]; last: PollLine | undefined }

/**
 * Reads the parts of a poll, and its last line, from an archive: files of gzipped NDJSON under `windows/`. Hashes are not
 * checked; that is what `audit -- verify` does.
 *
 * @param told is told after each file how many of them are read
 * @throws `UsageError` when a file in it is not whole
 */
export const readArchivedPoll = async (
  archive: Pick<Archive, 'windowFiles'>,
  pollId: string,
  told: (read: number, files: number) => void = () => {},
): Promise<ArchivedPoll> => {
  const windows = pastWindows(pollId)
  let last: PollLine | undefined
  const files = await archive.windowFiles()
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
