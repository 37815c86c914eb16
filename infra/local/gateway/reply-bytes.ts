import { STATUS_CODES } from 'node:http'
import type { Reply } from './reply.ts'

/**
 * An answer as HTTP/1.1: text of one byte a character, or bytes.
 *
 * @param last nothing more is answered on its connection
 * @param now epoch ms
 * @param idleMs how long the connection is kept open without a request
 */
export const replyBytes = (
  { status, headers, body }: Reply,
  last: boolean,
  { now, idleMs }: { now: () => number; idleMs: number },
): string | Buffer => {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`
  if (headers.date === undefined) head += `date: ${dateOf(now())}\r\n`
  head += last
    ? 'connection: close\r\n'
    : `connection: keep-alive\r\nkeep-alive: timeout=${idleMs / 1000}\r\n`
  if (status === 304) return `${head}\r\n`
  if (typeof body === 'string' && isAscii(body)) return `${head}content-length: ${body.length}\r\n\r\n${body}`
  const bytes = Buffer.from(body as string)
  return Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`), bytes])
}

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length

let date = { second: Number.NaN, text: '' }

/** The date of an answer changes once a second. */
const dateOf = (now: number): string => {
  const second = Math.floor(now / 1000)
  if (second !== date.second) date = { second, text: new Date(now).toUTCString() }
  return date.text
}
