import type { Socket } from 'node:net'
import type { Refusal } from '../../../ingest/errors.ts'
import { type PlainRequest, readPlainRequest } from './plain-request.ts'
import { type Reply, rawRefusal } from './reply.ts'
import { replyBytes } from './reply-bytes.ts'
import type { RequestHandler } from './request-handler.ts'

export type FastLane = {
  /** Takes a new connection. */
  take(socket: Socket): void
  /** Ends idle connections now, and the others once they are answered. */
  close(): void
  /** Ends all. */
  destroy(): void
}

export type FastLaneOptions = {
  handle: RequestHandler
  /** Gives a connection to the HTTP server, with whatever of it was not answered here still to be read from it. */
  handOver: (socket: Socket) => void
  now: () => number
  /** A connection without a request for so long is closed. */
  idleMs: number
  /** So is one whose client has not read its answers for so long. */
  unreadMs: number
  /** A new one must have begun its first request within this, or is refused with `tooSlow`. */
  firstRequestMs: number
  /** How often such connections are looked for: a timer for each connection would have to be set anew with each of its requests. */
  checkEveryMs: number
  tooSlow: Refusal
}

/** Requests sent without waiting for answers: so many of a connection are under way at once, the others wait. */
const maxUnderWay = 64

/**
 * Answers plain requests without Node's HTTP server, which takes most of the time of a vote (docs/decisions/0023). A request
 * is plain when it lies whole and well-formed in what has arrived; at the first one that is not, the connection goes over to the
 * HTTP server for good. So this file never has half a request.
 */
export const fastLane = (options: FastLaneOptions): FastLane => {
  const connections = new Set<Connection>()
  let closing = false
  const checks = setInterval(() => {
    const now = options.now()
    for (const connection of connections) connection.check(now)
  }, options.checkEveryMs)
  checks.unref()

  const take = (socket: Socket): void => {
    /** In the order of the requests; those without bytes are not answered yet. */
    const underWay: { bytes?: string | Buffer }[] = []
    let waits = false
    let leaves = false
    let ended = false
    let isNew = true
    let willSend = false
    let activeAt = options.now()

    const answer = ({ head, body }: PlainRequest): void => {
      const place: { bytes?: string | Buffer } = {}
      underWay.push(place)
      const respond = (reply: Reply): void => {
        place.bytes = replyBytes(reply, closing && underWay.at(-1) === place, options)
        if (underWay[0] !== place || willSend) return
        if (underWay.length === 1) {
          sendAnswers()
          return
        }
        // One write for all answers of this connection that became due together, as those to pipelined votes do.
        willSend = true
        process.nextTick(sendAnswers)
      }
      // A plain body is within any limit.
      options.handle(head, respond)?.take(body.toString())
    }

    const sendAnswers = (): void => {
      willSend = false
      activeAt = options.now()
      if (underWay.length > 1) socket.cork()
      for (let first = underWay[0]; first?.bytes !== undefined; first = underWay[0]) {
        underWay.shift()
        if (typeof first.bytes === 'string') socket.write(first.bytes, 'latin1')
        else socket.write(first.bytes)
      }
      socket.uncork()
      if (underWay.length === 0 && (closing || ended)) socket.end()
      else goOn()
    }

    const read = (chunk: Buffer): void => {
      // What comes behind the end is not taken: no answer could be sent.
      if (closing || socket.writableEnded) return
      isNew = false
      let at = 0
      while (at < chunk.length) {
        const request = isFull() ? undefined : readPlainRequest(chunk, at)
        if (request === undefined) {
          leaves = !isFull()
          wait(chunk.subarray(at))
          return
        }
        at = request.end
        answer(request)
      }
    }

    const isFull = (): boolean => underWay.length >= maxUnderWay || socket.writableNeedDrain

    /** What is left unread lies in the socket: so its end, which is told behind it, comes no sooner. */
    const wait = (rest: Buffer): void => {
      waits = true
      socket.pause()
      socket.unshift(rest)
      goOn()
    }

    /** Goes on with what was left unread, where it may. */
    const goOn = (): void => {
      if (!waits || socket.destroyed || closing) return
      if (leaves ? underWay.length > 0 : isFull()) return
      waits = false
      if (leaves) leave()
      else socket.resume()
    }

    const leave = (): void => {
      connections.delete(connection)
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener)
      options.handOver(socket)
      process.nextTick(() => socket.resume())
    }

    const listeners = {
      data: read,
      drain: goOn,
      end: () => {
        ended = true
        if (underWay.length === 0) socket.end()
      },
      error: () => {}, // 'close' follows
      close: () => connections.delete(connection),
    }
    const connection: Connection = {
      check: (now) => {
        if (underWay.length > 0) return
        const answeredMs = socket.writableLength > 0 ? options.unreadMs : options.idleMs
        if (now - activeAt < (isNew ? options.firstRequestMs : answeredMs)) return
        if (isNew && !socket.writableEnded) {
          socket.end(rawRefusal(options.tooSlow))
          socket.destroySoon()
        } else socket.destroy()
      },
      close: () => {
        if (underWay.length === 0) socket.destroySoon()
      },
      destroy: () => socket.destroy(),
    }
    connections.add(connection)
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener)
  }

  return {
    take,
    close: () => {
      closing = true
      clearInterval(checks)
      for (const connection of connections) connection.close()
    },
    destroy: () => {
      for (const connection of connections) connection.destroy()
    },
  }
}

type Connection = {
  /** Ends it if it has been idle for too long. */
  check(now: number): void
  close(): void
  destroy(): void
}
