import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Shard iterators and pagination tokens: opaque text that brings a position back, and that nobody can make up or
 * change. They are authenticated with a key made at the start, so a restart invalidates them (as the five minutes
 * they live would); their holders are told "expired", which consumers know how to mend.
 *
 *   8 bytes 0…01 (as on AWS) | 8 bytes key id | f64 issued at, epoch ms | 16 bytes HMAC-SHA-256 | JSON
 */
export type Tokens = {
  seal(kind: TokenKind, content: object): string
  open(kind: TokenKind, token: string): Opened
}

export type TokenKind = 'ShardIterator' | 'ListShards' | 'ListStreams'

/** `issuedAt` (epoch ms) is missing where the token is from before a restart: nothing in it can be trusted then. */
export type Opened = { content: unknown } | { expired: true; issuedAt?: number } | { invalid: true }

/** Five minutes, for iterators and pagination tokens alike (API reference, GetShardIterator and ListShards). */
export const tokenLifeMs = 300_000

const magic = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])
const keyIdEnd = 16
const issuedEnd = 24
const macEnd = 40

export const tokens = (now: () => number): Tokens => {
  const key = randomBytes(32)
  const keyId = randomBytes(8)

  const mac = (kind: TokenKind, issued: Uint8Array, json: Uint8Array): Buffer =>
    createHmac('sha256', key)
      .update(`${kind}\n`)
      .update(issued)
      .update(json)
      .digest()
      .subarray(0, macEnd - issuedEnd)

  return {
    seal: (kind, content) => {
      const issued = Buffer.alloc(issuedEnd - keyIdEnd)
      issued.writeDoubleBE(now())
      const json = Buffer.from(JSON.stringify(content))
      return Buffer.concat([magic, keyId, issued, mac(kind, issued, json), json]).toString('base64')
    },
    open: (kind, token) => {
      const bytes = Buffer.from(token, 'base64')
      const isOurs = bytes.length > macEnd && magic.equals(bytes.subarray(0, magic.length))
      if (!isOurs || bytes.toString('base64') !== token) return { invalid: true }
      if (!keyId.equals(bytes.subarray(magic.length, keyIdEnd))) return { expired: true }
      const issued = bytes.subarray(keyIdEnd, issuedEnd)
      const json = bytes.subarray(macEnd)
      if (!timingSafeEqual(mac(kind, issued, json), bytes.subarray(issuedEnd, macEnd)))
        return { invalid: true }
      const issuedAt = issued.readDoubleBE()
      if (now() - issuedAt > tokenLifeMs) return { expired: true, issuedAt }
      return { content: JSON.parse(json.toString('utf8')) }
    },
  }
}
