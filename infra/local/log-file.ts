import { createWriteStream, mkdirSync, renameSync, statSync, truncateSync, type WriteStream } from 'node:fs'
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

export type LogFileOptions = { maxBytes?: number; now?: () => number }

const defaultMaxBytes = 8 * 1024 * 1024

/** Lines that wait for a slow disk at most; beyond them lines are dropped, since a log must not fill the memory. */
const maxWaitingBytes = 1024 * 1024

/** A file that could not be written, most often for want of space, is tried again this much later. */
const reopenAfterMs = 1000

/** Opens, or makes, the log. Nothing that goes wrong with the file later reaches the callers: lines are dropped until it works again. */
export const openLogFile = (path: string, options: LogFileOptions = {}): LogFile => {
  const { maxBytes = defaultMaxBytes, now = Date.now } = options
  mkdirSync(dirname(path), { recursive: true })
  let stream = append(path)
  let bytes = sizeOf(path)
  let openedAt = now()
  let closed = false

  const reopen = (): void => {
    stream = append(path)
    bytes = sizeOf(path)
    openedAt = now()
  }

  const write = (text: string): void => {
    if (closed) return
    if (stream.destroyed) {
      if (now() < openedAt + reopenAfterMs) return
      reopen()
    }
    if (stream.writableLength > maxWaitingBytes) return
    if (bytes > maxBytes) {
      stream.end()
      makeRoom(path)
      reopen()
    }
    bytes += text.length
    stream.write(text)
  }

  return {
    write,
    report: (message, error) => {
      const cause = error instanceof Error ? (error.stack ?? error.message) : error
      write(`${new Date().toISOString()} ${message}${cause === undefined ? '' : `: ${cause}`}\n`)
    },
    close: () => {
      closed = true
      return new Promise((resume) => stream.end(() => resume()))
    },
  }
}

/** Keeps the full log as `<path>.1`; where that cannot be, it is begun anew all the same, since its size is bounded. */
const makeRoom = (path: string): void => {
  try {
    renameSync(path, `${path}.1`)
  } catch {
    try {
      truncateSync(path)
    } catch {
      // Somebody has taken the file away; a new one is made.
    }
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
