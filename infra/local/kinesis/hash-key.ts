import { hash } from 'node:crypto'

/**
 * Hash keys are 128-bit numbers. Inside, they are 32 hexadecimal digits: those compare as text in the order of the
 * numbers, and MD5 gives them without any conversion. AWS's API shows them in decimal.
 */
export const maxHashKey = 2n ** 128n - 1n

/** The hash key of a partition key: its MD5, as Kinesis defines it. */
export const hashOfKey = (partitionKey: string): string => hash('md5', partitionKey, 'hex')

export const hashFromDecimal = (decimal: string): string => BigInt(decimal).toString(16).padStart(32, '0')
export const hashToDecimal = (hex: string): string => BigInt(`0x${hex}`).toString(10)

export type HashRange = { start: string; end: string }

const toHex = (key: bigint): string => key.toString(16).padStart(32, '0')

/** The ranges that begin at these hash keys, which ascend from 0, and cover all there are. */
export const rangesFrom = (starts: readonly bigint[]): HashRange[] =>
  starts.map((start, at) => ({ start: toHex(start), end: toHex((starts[at + 1] ?? maxHashKey + 1n) - 1n) }))

/** `count` ranges that share the hash keys out evenly; the last one takes the remainder. */
export const evenRanges = (count: number): HashRange[] => {
  const width = (maxHashKey + 1n) / BigInt(count)
  return rangesFrom(Array.from({ length: count }, (_, index) => width * BigInt(index)))
}

/** The two parts of a range when it is cut before `at`. Throws when one of them would be empty. */
export const splitRange = ({ start, end }: HashRange, at: string): [lower: HashRange, upper: HashRange] => {
  if (at <= start || at > end) throw new Error(`hash key ${at} does not cut ${start}-${end} in two`)
  const before = toHex(BigInt(`0x${at}`) - 1n)
  return [
    { start, end: before },
    { start: at, end },
  ]
}

/** Whether `upper` begins where `lower` ends. */
export const areAdjacent = (lower: HashRange, upper: HashRange): boolean =>
  BigInt(`0x${lower.end}`) + 1n === BigInt(`0x${upper.start}`)

/** The range of two adjacent ones together. Throws when they are not. */
export const joinRanges = (lower: HashRange, upper: HashRange): HashRange => {
  if (!areAdjacent(lower, upper))
    throw new Error(`${upper.start}-${upper.end} does not follow ${lower.start}-${lower.end}`)
  return { start: lower.start, end: upper.end }
}
