import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  frameArrival,
  frameBoot,
  frameCapacity,
  frameEnd,
  frameOrdinal,
  frameSizes,
  frames,
  isSound,
  readFrame,
  writeFrame,
} from '../../../../../infra/local/kinesis/log/frame.ts'

const record = fc.record({
  boot: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  ordinal: fc.maxSafeNat(),
  arrival: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  partitionKey: fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }),
  data: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.uint8Array({ maxLength: 300 })),
})

type Written = typeof record extends fc.Arbitrary<infer Value> ? Value : never

const encode = (records: readonly Written[]): Buffer => {
  const capacity = records.reduce((sum, { partitionKey, data }) => sum + frameCapacity(partitionKey, data), 0)
  const buffer = Buffer.alloc(capacity)
  let end = 0
  for (const { boot, ordinal, arrival, partitionKey, data } of records)
    end = writeFrame(buffer, end, boot, ordinal, arrival, partitionKey, data)
  return buffer.subarray(0, end)
}

test('what is written is read back, record by record', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const read = [...frames(encode(records))]
      expect(read).toEqual(records.map((written) => ({ ...written, data: Buffer.from(written.data) })))
    }),
  )
})

test('fields can be read without decoding the record', () => {
  fc.assert(
    fc.property(record, (written) => {
      const buffer = encode([written])
      expect(frameBoot(buffer, 0)).toBe(written.boot)
      expect(frameOrdinal(buffer, 0)).toBe(written.ordinal)
      expect(frameArrival(buffer, 0)).toBe(written.arrival)
      const key = Buffer.byteLength(written.partitionKey)
      expect(frameSizes(buffer, 0)).toEqual({ key, data: Buffer.from(written.data).length })
    }),
  )
})

test('a frame cut anywhere is not whole and not sound', () => {
  fc.assert(
    fc.property(record, fc.nat(), (written, cut) => {
      const buffer = encode([written])
      const torn = buffer.subarray(0, cut % buffer.length)
      expect(frameEnd(torn, 0)).toBe(-1)
      expect(isSound(torn, 0)).toBe(false)
    }),
  )
})

test('a frame with any one byte changed is not sound', () => {
  fc.assert(
    fc.property(record, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, change) => {
      const buffer = encode([written])
      const index = at % buffer.length
      buffer[index] = (buffer[index] ?? 0) ^ change
      expect(isSound(buffer, 0)).toBe(false)
    }),
  )
})

test('an undamaged frame is sound', () => {
  fc.assert(fc.property(record, (written) => isSound(encode([written]), 0)))
})

test('bytes of zeros, as a file system may leave behind a crash, are not a sound frame', () => {
  expect(isSound(Buffer.alloc(4096), 0)).toBe(false)
})

test('data given as text and as its bytes are the same frame', () => {
  const at = { boot: 1, ordinal: 2, arrival: 3, partitionKey: 'k' }
  expect(encode([{ ...at, data: 'olá' }])).toEqual(encode([{ ...at, data: Buffer.from('olá') }]))
  expect(readFrame(encode([{ ...at, data: 'olá' }]), 0).data.toString()).toBe('olá')
})
