import { type Address, type Connection, openConnection } from './connection.ts'
import type { Answer } from './response.ts'

/** Node's servers close a connection that has been idle for 5 s; a vote sent at that moment would be lost. */
const maxIdleMs = 3_000

/** After a failed attempt to connect, the next waits this long, doubled each time. */
const firstBackoffMs = 50
const maxBackoffMs = 2_000

export type PoolEvents = {
  answered(request: number, answer: Answer): void
  /** The connection that carried these requests is gone; they may or may not have been accepted. */
  lost(requests: readonly number[]): void
  failed(error: Error): void
}

/** A fixed number of connections, opened again when they are needed and gone. */
export type Pool = {
  /** Opens all; rejects with the error of the last one if none could be opened. */
  open(): Promise<void>
  /** An idle connection, the one used last; `undefined` when all are busy or still opening. */
  take(): Connection | undefined
  /** Closes all; resolves when everything unanswered has been reported lost. */
  close(): Promise<void>
}

/** @param nowMs a monotonic clock, in milliseconds */
export const connectionPool = (address: Address, size: number, on: PoolEvents, nowMs: () => number): Pool => {
  const open = new Set<Connection>()
  const idle: { connection: Connection; sinceMs: number }[] = []
  let opening = 0
  let closing = false
  let failuresInARow = 0
  let retryAtMs = 0
  let changed = (_error?: Error): void => {}

  const openOne = (): void => {
    opening += 1
    let isOpen = false
    const connection = openConnection(address, {
      opened: () => {
        isOpen = true
        opening -= 1
        failuresInARow = 0
        if (closing) return connection.close()
        idle.push({ connection, sinceMs: nowMs() })
        changed()
      },
      answered: (request, answer) => {
        on.answered(request, answer)
        if (connection.inFlight() === 0) idle.push({ connection, sinceMs: nowMs() })
      },
      closed: (unanswered, error) => {
        open.delete(connection)
        const place = idle.findIndex((entry) => entry.connection === connection)
        if (place >= 0) idle.splice(place, 1)
        if (!isOpen) {
          opening -= 1
          retryAtMs = nowMs() + Math.min(maxBackoffMs, firstBackoffMs * 2 ** failuresInARow++)
        }
        if (error !== undefined && !closing) on.failed(error)
        if (unanswered.length > 0) on.lost(unanswered)
        changed(error)
      },
    })
    open.add(connection)
  }

  return {
    open: () =>
      new Promise((resolve, reject) => {
        changed = (error) => {
          if (opening > 0) return
          changed = () => {}
          if (idle.length > 0) resolve()
          else reject(error ?? new Error('Every connection was closed as soon as it was open.'))
        }
        for (let n = 0; n < size; n++) openOne()
      }),
    take: () => {
      const newest = idle.pop()
      if (newest !== undefined && nowMs() - newest.sinceMs <= maxIdleMs) return newest.connection
      if (newest !== undefined) for (const { connection } of [newest, ...idle.splice(0)]) connection.close()
      if (open.size < size && nowMs() >= retryAtMs) openOne()
      return undefined
    },
    close: () =>
      new Promise((resolve) => {
        closing = true
        changed = () => {
          if (open.size === 0) resolve()
        }
        for (const connection of open) connection.close()
        changed()
      }),
  }
}
