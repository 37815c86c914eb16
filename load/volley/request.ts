import type { Address } from './connection.ts'
import type { RequestKind } from './kind.ts'

/** A request as the bytes that go over the wire, made once and sent as often as its kind is drawn. */
export const requestBytes = (
  { host, port, basePath }: Address,
  { method, path, headers, body }: Pick<RequestKind, 'method' | 'path' | 'headers' | 'body'>,
  etag?: string,
): Buffer => {
  const all = {
    host: `${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...headers,
    ...(method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {}),
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${basePath}${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}
