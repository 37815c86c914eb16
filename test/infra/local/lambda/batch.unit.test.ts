import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameCapacity, frames, writeFrame } from '../../../../infra/local/kinesis/log/frame.ts'
import { countOlder, cutBatch, offsetBehind } from '../../../../infra/local/lambda/batch.ts'
import { kinesisEvent } from '../../../../infra/local/lambda/kinesis-event.ts'

const limits = { windowMs: 5000, maxRecords: 10_000, maxPayloadBytes: 6_000_000 }

const framesOf = (arrivals: readonly number[], data = 'vote'): Buffer => {
  const buffer = Buffer.alloc(arrivals.length * frameCapacity('v-0000', data))
  const end = arrivals.reduce(
    (offset, arrival, at) => writeFrame(buffer, offset, 1, at + 1, arrival, 'v-0', data),
    0,
  )
  return buffer.subarray(0, end)
}

const arrivalsOf = (bytes: Buffer): number[] => [...frames(bytes)].map(({ arrival }) => arrival)

describe('a batch', () => {
  //      |---- window ----|---- next ----
  //      5000        9999 10000
  it('ends before a record that arrives exactly at the end of its window', () => {
    const batch = cutBatch(framesOf([5000, 9999, 10_000, 10_001]), limits)
    expect(batch).toMatchObject({ window: { start: 5000, end: 10_000 }, count: 2 })
    expect(arrivalsOf(batch.bytes)).toEqual([5000, 9999])
  })

  it('ends before a record whose arrival steps back behind its window', () => {
    expect(cutBatch(framesOf([5000, 4999]), limits).count).toBe(1)
  })

  it('holds no more than the batch size', () => {
    expect(cutBatch(framesOf([1, 2, 3]), { ...limits, maxRecords: 2 }).count).toBe(2)
  })

  it('is not cut by time where there are no windows', () => {
    const batch = cutBatch(framesOf([5000, 10_000, 4999]), { ...limits, windowMs: 0 })
    expect(batch).toMatchObject({ window: undefined, count: 3 })
  })

  it('holds at least one record, however large', () => {
    expect(cutBatch(framesOf([1, 2], 'x'.repeat(1000)), { ...limits, maxPayloadBytes: 10 }).count).toBe(1)
  })

  it('as an event with its state stays under the payload limit', () => {
    const bytes = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.integer({ min: 1, max: 60 })), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(bytes, fc.integer({ min: 2000, max: 30_000 }), (sizes, maxPayloadBytes) => {
        const buffer = Buffer.alloc(100_000)
        let end = 0
        for (const [size, key] of sizes)
          end = writeFrame(buffer, end, 1, end + 1, 100, 'k'.repeat(key), 'é'.repeat(size))
        const batch = cutBatch(buffer.subarray(0, end), { ...limits, maxPayloadBytes })
        const event = kinesisEvent({
          kind: 'kinesis',
          frames: batch.bytes,
          sequencePrefix: '4'.repeat(31),
          shardId: 'shardId-000000000000',
          streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/placar-votes',
        })
        if (batch.count > 1) expect(JSON.stringify(event.Records).length).toBeLessThanOrEqual(maxPayloadBytes)
      }),
    )
  })
})

describe('frames', () => {
  it('of records that arrived before a moment are counted up to the first that did not', () => {
    const bytes = framesOf([1, 2, 3, 1])
    expect(countOlder(bytes, 3)).toBe(2)
    expect(countOlder(bytes, 4)).toBe(4)
    expect(countOlder(bytes, 1)).toBe(0)
  })

  it('behind the first ones begin with the next', () => {
    const bytes = framesOf([1, 2, 3])
    expect(arrivalsOf(bytes.subarray(offsetBehind(bytes, 2)))).toEqual([3])
    expect(offsetBehind(bytes, 0)).toBe(0)
  })
})
