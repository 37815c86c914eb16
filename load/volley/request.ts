import type { Address } from './connection.ts'
import type { RequestKind } from './mix.ts'

/** A `POST` as the bytes that go over the wire, made once and sent as often as its kind is drawn. */
export const requestBytes = (
  { host, port, basePath }: Address,
  { path, body }: Pick<RequestKind, 'path' | 'body'>,
): Buffer =>
  Buffer.from(
    `POST ${basePath}${path} HTTP/1.1\r\n` +
      `Host: ${host.includes(':') ? `[${host}]` : host}:${port}\r\n` +
      'Content-Type: application/json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
