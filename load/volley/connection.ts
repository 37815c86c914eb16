import { connect } from 'node:net'
import { type Answer, answerReader } from './response.ts'

/** Where a server listens; `basePath` stands before every path, without a slash at its end, and is mostly empty. */
export type Address = { host: string; port: number; basePath: string }

/** What a connection tells; `closed` comes once, last, with the requests whose answers can no longer come. */
export type ConnectionEvents = {
  opened(): void
  answered(request: number, answer: Answer): void
  closed(unanswered: readonly number[], error: Error | undefined): void
}

/** One keep-alive connection. It never sends anything again: a request without an answer may have been accepted. */
export type Connection = {
  /** Writes requests, already as bytes, behind those under way. */
  send(requests: readonly number[], bytes: Buffer): void
  inFlight(): number
  /** Gives up: whatever is unanswered is reported by `closed`. */
  close(): void
}

export const openConnection = (address: Address, on: ConnectionEvents): Connection => {
  let unanswered: number[] = []
  let failure: Error | undefined
  const read = answerReader((answer) => {
    const request = unanswered.shift()
    // A server hangs up with a 408 on a connection that has waited too long for its first request.
    if (request === undefined && answer.status === 408) return void socket.destroy()
    if (request === undefined) throw new Error(`An answer with status ${answer.status} came unasked.`)
    on.answered(request, answer)
    if (answer.closes) socket.destroy()
  })
  const fail = (error: Error): void => {
    failure ??= error
    socket.destroy()
  }
  const socket = connect({
    host: address.host,
    port: address.port,
    noDelay: true,
    // One buffer, read in place, instead of one allocated and queued for each chunk: a fifth less CPU per vote.
    onread: {
      buffer: Buffer.allocUnsafeSlow(8 * 1024),
      callback: (length, buffer) => {
        try {
          read((buffer as Buffer).subarray(0, length))
        } catch (error) {
          fail(error as Error)
        }
        return true
      },
    },
  })
  socket.on('connect', on.opened)
  socket.on('error', fail)
  // The server sends no more; a request written behind that would only be lost.
  socket.on('end', () => socket.destroy())
  socket.on('close', () => {
    const lost = unanswered
    unanswered = []
    on.closed(lost, failure)
  })
  return {
    send: (requests, bytes) => {
      unanswered.push(...requests)
      socket.write(bytes)
    },
    inFlight: () => unanswered.length,
    close: () => socket.destroy(),
  }
}
