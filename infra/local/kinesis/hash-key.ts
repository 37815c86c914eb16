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

/** `count` ranges that share the hash keys out evenly; the last one takes the remainder. */
export const evenRanges = (count: number): HashRange[] => {
  const width = (maxHashKey + 1n) / BigInt(count)
  return Array.from({ length: count }, (_, index) => {
    const start = width * BigInt(index)
    const end = index === count - 1 ? maxHashKey : start + width - 1n
    return { start: start.toString(16).padStart(32, '0'), end: end.toString(16).padStart(32, '0') }
  })
}
