import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { readBody } from './body.ts'
import { type Reply, refusalReply } from './reply.ts'
import type { RequestHandler } from './request-handler.ts'

/** Node's own HTTP server before the routes: it takes whatever a client may send. */
export const httpDoor =
  (handle: RequestHandler, closing: () => boolean) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const respond = (reply: Reply): void => send(response, reply, closing())
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

const send = (response: ServerResponse, { status, headers, body }: Reply, last: boolean): void => {
  const all: OutgoingHttpHeaders = { ...headers }
  if (status !== 304) all['content-length'] = Buffer.byteLength(body)
  if (last) all.connection = 'close'
  response.writeHead(status, all).end(body)
}
