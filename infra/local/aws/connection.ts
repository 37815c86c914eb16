import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttp2Server, type Http2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'

/** A port that speaks HTTP/1.1 and cleartext HTTP/2 with prior knowledge (what AWS's JavaScript SDK does for Kinesis). */
export type Listening = {
  port: number
  /** Whether `close` has begun. */
  closing(): boolean
  /** Accepts nothing more, lets requests under way end, and cuts off what is still there after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** How an HTTP/2 connection begins (RFC 9113, 3.4); no request of HTTP/1.1 does. */
const http2Start = 'PRI * HTTP/2.0\r\n'

const firstBytesMs = 10_000
const headersMs = 10_000
const requestMs = 60_000
const idleMs = 75_000
const maxConnections = 2048

const http2Options = {
  settings: { maxConcurrentStreams: 256, initialWindowSize: 1024 * 1024 },
  // In megabytes. Node's 10 refuse new streams while one GetRecords answer of 10 MiB (14 as base64) is being sent.
  maxSessionMemory: 256,
}
const sessionWindowBytes = 16 * 1024 * 1024

/** Listens; `port` 0 takes a free one. Rejects as `listen` does, e.g. with EADDRINUSE. */
export const listenBoth = async (handle: RequestListener, host: string, port: number): Promise<Listening> => {
  // The HTTP/1.1 server owns the port, so that its timeouts and its closing work; HTTP/2 connections are passed on.
  const http1 = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: 5000,
    },
    handle,
  )
  http1.maxConnections = maxConnections
  const http2 = createHttp2Server(http2Options)
  // Node's compatibility API: the same properties and methods as HTTP/1.1's request and response, other classes.
  http2.on('request', handle as unknown as (request: object, response: object) => void)

  const sessions = new Set<Http2Session>()
  http2.on('session', (session) => {
    sessions.add(session)
    session.setLocalWindowSize(sessionWindowBytes)
    session.on('close', () => sessions.delete(session))
  })

  const undecided = new Set<Socket>()
  const toHttp1 = http1.listeners('connection')
  http1.removeAllListeners('connection')
  http1.on('connection', (socket: Socket) => {
    undecided.add(socket)
    whenDecided(socket, (isHttp2) => {
      undecided.delete(socket)
      if (isHttp2) http2.emit('connection', socket)
      else for (const listener of toHttp1) listener.call(http1, socket)
    })
  })

  await new Promise<void>((resolve, reject) => {
    http1.once('error', reject)
    http1.listen(port, host, () => {
      http1.off('error', reject)
      resolve()
    })
  })

  let closing = false
  return {
    port: (http1.address() as AddressInfo).port,
    closing: () => closing,
    close: async (graceMs) => {
      closing = true
      const closed = new Promise((resolve) => http1.close(resolve))
      for (const socket of undecided) socket.destroy()
      for (const session of sessions) session.close()
      const cut = setTimeout(() => {
        http1.closeAllConnections()
        for (const session of sessions) session.destroy()
      }, graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

/** Looks at a connection's first bytes, puts them back, and tells whether they begin an HTTP/2 connection. */
const whenDecided = (socket: Socket, decided: (isHttp2: boolean) => void): void => {
  let start = Buffer.alloc(0)
  const tooSlow = setTimeout(() => socket.destroy(), firstBytesMs)

  const look = (chunk: Buffer): void => {
    start = Buffer.concat([start, chunk])
    const text = start.toString('latin1', 0, http2Start.length)
    if (text.length < http2Start.length && http2Start.startsWith(text)) return
    clearTimeout(tooSlow)
    socket.off('data', look)
    socket.off('error', ignore)
    socket.off('close', gone)
    socket.pause()
    socket.unshift(start)
    decided(text === http2Start)
    process.nextTick(() => socket.resume())
  }
  const ignore = (): void => {} // 'close' follows
  const gone = (): void => {
    clearTimeout(tooSlow)
    decided(false)
  }
  socket.on('data', look)
  socket.on('error', ignore)
  socket.once('close', gone)
}
