import { describe, expect, it } from 'vitest'
import { frameCapacity, writeFrame } from '../../../../infra/local/kinesis/log/frame.ts'
import { mappingSettings } from '../../../../infra/local/lambda/mapping-settings.ts'
import { behindProcessed, nextBatch } from '../../../../infra/local/lambda/next-batch.ts'

const data = 'x'.repeat(300_000) // 400,000 bytes of base64 in the event
const frames = Buffer.alloc(20 * frameCapacity('v', data))
let end = 0
for (let at = 0; at < 20; at += 1) end = writeFrame(frames, end, 1, at + 1, 1000 + at, 'v', data)
const bytes = frames.subarray(0, end)
const from = { segment: 3, offset: 70 }
const settings = mappingSettings({ TumblingWindowInSeconds: 900 })

describe('the next batch', () => {
  it('and the state share 6 MB', () => {
    const countWith = (state: string) => nextBatch(bytes, from, { settings, state, nowMs: 0 }).count
    expect(countWith('{}')).toBe(15)
    expect(countWith('x'.repeat(1024 * 1024))).toBe(13)
  })

  it('is as large as is due after a failure', () => {
    const due = { count: 2, failures: 1, invocations: 3, failure: 'error' as const }
    expect(nextBatch(bytes, from, { settings, due, state: '', nowMs: 0 })).toMatchObject({
      count: 2,
      tried: due,
    })
  })

  it('is made of the records that are too old where there are some', () => {
    const aged = mappingSettings({ MaximumRecordAgeInSeconds: 60 })
    const at = (nowMs: number) => nextBatch(bytes, from, { settings: aged, state: '', nowMs })
    expect(at(61_003)).toMatchObject({ count: 3, isTooOld: true })
    expect(at(61_000)).toMatchObject({ isTooOld: false })
  })

  it('goes on behind its processed records in the same place of the log', () => {
    const due = { count: 4, failures: 0, invocations: 0 }
    const batch = nextBatch(bytes, from, { settings, due, state: '', nowMs: 0 })
    const rest = behindProcessed(batch, 3)
    expect(rest).toMatchObject({ count: 1, next: batch.next })
    expect(rest.from.offset + rest.bytes.length).toBe(batch.next.offset)
  })
})
