/** What one block of 64 bytes can hold of a message, with the bit behind it and its length. */
const maxOneBlock = 55

/** The additive constants of RFC 1321, 3.4. */
const added = Int32Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32))
const block = new Int32Array(16)

/**
 * The first 32 bits of a text's MD5, as an unsigned number; `undefined` for a text that is not short and ASCII. They
 * nearly always tell the shard already. Every record's key is hashed, and most of what `node:crypto` takes for a text
 * as short as that is the way there and back: this takes a third of it.
 */
export const md5Start = (text: string): number | undefined => {
  if (!fillBlock(text)) return undefined
  let a = 0x67452301
  let b = 0xefcdab89 | 0
  let c = 0x98badcfe | 0
  let d = 0x10325476
  // Four steps at a time, after which the four words are in their places again.
  for (let i = 0; i < 16; i += 4) {
    a = step(a, b, d ^ (b & (c ^ d)), i, i, 7)
    d = step(d, a, c ^ (a & (b ^ c)), i + 1, i + 1, 12)
    c = step(c, d, b ^ (d & (a ^ b)), i + 2, i + 2, 17)
    b = step(b, c, a ^ (c & (d ^ a)), i + 3, i + 3, 22)
  }
  for (let i = 16; i < 32; i += 4) {
    a = step(a, b, c ^ (d & (b ^ c)), i, 5 * i + 1, 5)
    d = step(d, a, b ^ (c & (a ^ b)), i + 1, 5 * i + 6, 9)
    c = step(c, d, a ^ (b & (d ^ a)), i + 2, 5 * i + 11, 14)
    b = step(b, c, d ^ (a & (c ^ d)), i + 3, 5 * i, 20)
  }
  for (let i = 32; i < 48; i += 4) {
    a = step(a, b, b ^ c ^ d, i, 3 * i + 5, 4)
    d = step(d, a, a ^ b ^ c, i + 1, 3 * i + 8, 11)
    c = step(c, d, d ^ a ^ b, i + 2, 3 * i + 11, 16)
    b = step(b, c, c ^ d ^ a, i + 3, 3 * i + 14, 23)
  }
  for (let i = 48; i < 64; i += 4) {
    a = step(a, b, c ^ (b | ~d), i, 7 * i, 6)
    d = step(d, a, b ^ (a | ~c), i + 1, 7 * i + 7, 10)
    c = step(c, d, a ^ (d | ~b), i + 2, 7 * i + 14, 15)
    b = step(b, c, d ^ (c | ~a), i + 3, 7 * i + 21, 21)
  }
  const first = a + 0x67452301
  return (
    (((first & 0xff) << 24) |
      ((first & 0xff00) << 8) |
      ((first >>> 8) & 0xff00) |
      ((first >>> 24) & 0xff)) >>>
    0
  )
}

/** One step of RFC 1321, 3.4: `from` and what was mixed of the others, a constant and a word of the block, rotated. */
const step = (from: number, onto: number, mixed: number, i: number, word: number, by: number): number => {
  const sum = (from + mixed + (added[i] as number) + (block[word & 15] as number)) | 0
  return (onto + ((sum << by) | (sum >>> (32 - by)))) | 0
}

/** Makes a short ASCII text the one block that it is; `false` for any other. */
const fillBlock = (text: string): boolean => {
  const { length } = text
  if (length > maxOneBlock) return false
  block.fill(0)
  for (let at = 0; at < length; at++) {
    const byte = text.charCodeAt(at)
    if (byte > 0x7f) return false
    block[at >> 2] = (block[at >> 2] as number) | (byte << ((at & 3) << 3))
  }
  block[length >> 2] = (block[length >> 2] as number) | (0x80 << ((length & 3) << 3))
  block[14] = length << 3
  return true
}
