import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { readBody } from './body.ts'
import { type Reply, refusalReply } from './reply.ts'
import type { RequestHandler } from './request-handler.ts'

/** Node's own HTTP server before the routes: it takes whatever a client may send. */
export const httpDoor =
  (handle: RequestHandler, closing: () => boolean) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const respond = (reply: Reply): void => send(response, reply, closing())
    newest.set(request.socket, { request, response, before: newest.get(request.socket)?.response })
    const { method = '', url: target = '/', headers } = request
    const head = {
      method,
      target,
      contentType: headers['content-type'],
      ifNoneMatch: headers['if-none-match'],
    }
    const wanted = handle(head, respond)
    if (wanted === undefined) return
    readBody(request, wanted.maxBytes, (body) => {
      if (body === 'too large') respond(refusalReply(wanted.tooLarge))
      else wanted.take(body.text)
    })
  }

/** By connection: the last request that has begun on it, and the answer to the one before. Only the last can be incomplete. */
const newest = new WeakMap<
  Socket,
  { request: IncomingMessage; response: ServerResponse; before: ServerResponse | undefined }
>()

/** Calls `then` behind the answers to all whole requests of a connection; the votes of some are on their way to the disk. */
export const whenAnswered = (socket: Socket, then: () => void): void => {
  const begun = newest.get(socket)
  const last = begun?.request.complete ? begun.response : begun?.before
  if (last === undefined || last.writableFinished) then()
  else last.once('finish', then)
}

const send = (response: ServerResponse, { status, headers, body }: Reply, last: boolean): void => {
  const all: OutgoingHttpHeaders = { ...headers }
  if (status !== 304) all['content-length'] = Buffer.byteLength(body)
  if (last) all.connection = 'close'
  response.writeHead(status, all).end(body)
}
