import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'

/** A text log of bounded size: when it is full it becomes `<path>.1`, and the one before that is gone. */
export type LogFile = {
  /** Appends text as it is. */
  write(text: string): void
  /** Appends a line with the time, and what was thrown. */
  report: Log
  close(): Promise<void>
}

/** Tells of something that went wrong and is being dealt with. */
export type Log = (message: string, error?: unknown) => void

const maxBytes = 8 * 1024 * 1024

/** Lines that wait for a slow disk at most; beyond them lines are dropped, since a log must not fill the memory. */
const maxWaitingBytes = 1024 * 1024

export const openLogFile = (path: string): LogFile => {
  mkdirSync(dirname(path), { recursive: true })
  let stream = append(path)
  let bytes = sizeOf(path)

  const roll = (): void => {
    stream.end()
    renameSync(path, `${path}.1`)
    stream = append(path)
    bytes = 0
  }

  const write = (text: string): void => {
    if (stream.writableLength > maxWaitingBytes) return
    if (bytes > maxBytes) roll()
    bytes += text.length
    stream.write(text)
  }

  return {
    write,
    report: (message, error) => {
      const cause = error instanceof Error ? (error.stack ?? error.message) : error
      write(`${new Date().toISOString()} ${message}${cause === undefined ? '' : `: ${cause}`}\n`)
    },
    close: () => new Promise((resume) => stream.end(resume)),
  }
}

const append = (path: string): WriteStream => {
  const stream = createWriteStream(path, { flags: 'a' })
  // A disk that is full must not take the server down with its log.
  stream.on('error', () => {})
  return stream
}

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}
