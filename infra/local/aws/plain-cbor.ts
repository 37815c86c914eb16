/** AWS's deepest request has four levels. */
const maxDepth = 16

/** The largest request, PutRecords of 500 records, has under 5,000; an empty map of one byte takes 50 once decoded. */
const maxItems = 100_000

/**
 * Throws unless a body is one item of the CBOR that AWS's SDKs write: numbers, texts, byte strings, `true`, `false`,
 * `null` and `undefined`, lists, maps from texts, and timestamps (tag 1), in bounds. The library behind this check reads
 * many tags of its own (shared references, packed tables, records with code compiled for them), and memory for whatever
 * a body claims to hold; strangers' bodies must not get that far. Reads headers only.
 */
export const checkPlainCbor = (body: Buffer): void => {
  const cursor: Cursor = { body, at: 0, items: 0 }
  skipItem(cursor, 0)
  if (cursor.at !== body.length) throw new Error(`the CBOR item ends at ${cursor.at} of ${body.length} bytes`)
}

type Cursor = { readonly body: Buffer; at: number; items: number }

/** The major types of RFC 8949, section 3.1. */
const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, tag: 6, simple: 7 } as const

const indefinite = 31
const breakCode = 0xff
const timestampTag = 1

const skipItem = (cursor: Cursor, depth: number): void => {
  cursor.items += 1
  if (depth > maxDepth || cursor.items > maxItems)
    throw new Error(`the CBOR has over ${maxItems} items or ${maxDepth} levels`)
  const { type, info, argument } = readHead(cursor)
  switch (type) {
    case major.bytes:
    case major.text:
      if (info === indefinite || argument > cursor.body.length - cursor.at)
        throw new Error('a CBOR string is in pieces, or ends behind the body')
      cursor.at += argument
      return
    case major.list:
      skipEach(cursor, info, argument, () => skipItem(cursor, depth + 1))
      return
    case major.map:
      skipEach(cursor, info, argument, () => {
        if (nextHead(cursor) >> 5 !== major.text) throw new Error('a CBOR map has a key that is no text')
        skipItem(cursor, depth + 1)
        skipItem(cursor, depth + 1)
      })
      return
    case major.tag:
      if (argument !== timestampTag) throw new Error(`CBOR tag ${argument} is not expected`)
      expectNumber(cursor)
      skipItem(cursor, depth + 1)
      return
    case major.simple:
      if (!isConstant(info) && !isFloat(info)) throw new Error(`CBOR simple value ${info} is not expected`)
      return
    default: // an integer, read with its head
      if (info === indefinite) throw new Error('a CBOR integer has a length')
  }
}

/** Whatever number of members is claimed: it ends with the body, or with the bound of items. */
const skipEach = (cursor: Cursor, info: number, count: number, skip: () => void): void => {
  if (info !== indefinite) {
    for (let index = 0; index < count; index++) skip()
    return
  }
  while (cursor.body[cursor.at] !== breakCode) skip()
  cursor.at += 1
}

const expectNumber = (cursor: Cursor): void => {
  const head = nextHead(cursor)
  const type = head >> 5
  if (type !== major.unsigned && type !== major.negative && !(type === major.simple && isFloat(head & 0x1f)))
    throw new Error('a CBOR timestamp is no number')
}

const nextHead = ({ body, at }: Cursor): number => body.readUInt8(at)

/** `false`, `true`, `null`, `undefined`. */
const isConstant = (info: number): boolean => info >= 20 && info <= 23

/** Of 16, 32 and 64 bits. */
const isFloat = (info: number): boolean => info >= 25 && info <= 27

/** An item's type and the number that follows it; reading behind the body's end throws. */
const readHead = (cursor: Cursor): { type: number; info: number; argument: number } => {
  const { body } = cursor
  const head = nextHead(cursor)
  cursor.at += 1
  const [type, info] = [head >> 5, head & 0x1f]
  if (info < 24 || info === indefinite) return { type, info, argument: info }
  const [at, size] = [cursor.at, 2 ** (info - 24)]
  if (size > 8) throw new Error(`CBOR length ${info} is reserved`)
  cursor.at += size
  return { type, info, argument: size === 8 ? Number(body.readBigUInt64BE(at)) : body.readUIntBE(at, size) }
}
