import { describe, expect, it } from 'vitest'
import { until } from '../until.ts'
import { type Answer, count, dataOf, openMapping } from './open-mapping.ts'

const seconds = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')

describe('an event', () => {
  it('is what Lambda hands to a function with tumbling windows', async () => {
    const { put, events } = await openMapping(count)
    await put('a')
    await until(() => events.length > 0)
    expect(events[0]).toEqual({
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: 'v-a',
            sequenceNumber: expect.stringMatching(/^49\d{54}$/),
            data: Buffer.from('a').toString('base64'),
            approximateArrivalTimestamp: 1000,
          },
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: expect.stringMatching(/^shardId-000000000000:49\d{54}$/),
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: expect.stringContaining('arn:aws:iam::'),
          awsRegion: 'us-east-1',
          eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/votes',
        },
      ],
      window: { start: seconds(1_000_000), end: seconds(1_005_000) },
      state: {},
      shardId: 'shardId-000000000000',
      eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/votes',
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
    })
  })
})

describe('a tumbling window', () => {
  it('hands the state of each invocation to the next, and starts the next window with none', async () => {
    const { put, events, clock } = await openMapping(count)
    await put('a')
    await until(() => events.length === 1)
    await put('b')
    await until(() => events.length === 2)
    clock.now += 5000
    await put('c')
    await until(() => events.length === 4)
    expect(events.map(({ state }) => state)).toEqual([{}, { n: 1 }, { n: 2 }, {}])
    expect(events.map(dataOf)).toEqual([['a'], ['b'], [], ['c']])
    expect(events.map(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)).toEqual([
      false,
      false,
      true,
      false,
    ])
  })

  it('is closed without a record when its shard stays silent, and only once', async () => {
    const { put, events, clock } = await openMapping(count)
    await put('a')
    await until(() => events.length === 1)
    clock.now = 1_005_999
    const seen = clock.looks
    await until(() => clock.looks > seen + 3)
    expect(events.length).toBe(1)
    clock.now = 1_006_000
    await until(() => events.length === 2)
    expect(events[1]).toMatchObject({ Records: [], isFinalInvokeForWindow: true, state: { n: 1 } })
    await put('b')
    await until(() => events.length === 3)
    expect(events[2]).toMatchObject({ isFinalInvokeForWindow: false, state: {} })
  })

  it('records of two windows never share a batch', async () => {
    let held = true
    const { put, events, clock } = await openMapping(async (event, call) => {
      await until(() => !held)
      return count(event, call)
    })
    await put('a')
    await until(() => events.length === 1)
    clock.now = 1_004_999
    await put('b')
    clock.now = 1_005_000
    await put('c')
    held = false
    await until(() => events.length === 4)
    expect(events.map(dataOf)).toEqual([['a'], ['b'], [], ['c']])
  })

  it('batches are no larger than the batch size, and nothing is skipped or sent twice', async () => {
    const { put, events } = await openMapping(count, { BatchSize: 3 })
    await Promise.all(Array.from({ length: 20 }, (_, at) => put(String(at))))
    await until(() => events.flatMap(dataOf).length >= 20)
    expect(events.every(({ Records }) => Records.length <= 3)).toBe(true)
    expect(events.flatMap(dataOf)).toEqual(Array.from({ length: 20 }, (_, at) => String(at)))
  })
})

describe('a failed invocation', () => {
  it.each<[string, Answer]>([
    ['that throws', () => Promise.reject(new Error('no table'))],
    ['without state', () => ({ batchItemFailures: [] })],
    ['that answers nothing', () => undefined],
    ['whose state is no object', () => ({ state: 'x' })],
  ])('%s is retried with the same records and state until it succeeds', async (_how, failure) => {
    const { put, events, lines } = await openMapping(async (event, call) => {
      if (call === 1) await put('b') // arrives while the first batch fails
      return call < 3 ? failure(event, call) : count(event, call)
    })
    await put('a')
    await until(() => events.length === 4)
    expect(events.map(dataOf)).toEqual([['a'], ['a'], ['a'], ['b']])
    expect(events.map(({ state }) => state)).toEqual([{}, {}, {}, { n: 1 }])
    expect(lines.join('')).toContain('aggregate')
  })

  it('a final invoke that fails holds the shard until it succeeds', async () => {
    let failures = 2
    const { put, events, clock } = await openMapping((event, call) => {
      if (event.isFinalInvokeForWindow && failures-- > 0) throw new Error('no table')
      return count(event, call)
    })
    await put('a')
    await until(() => events.length === 1)
    clock.now += 5000
    await put('b')
    await until(() => events.length === 5)
    expect(events.map(dataOf)).toEqual([['a'], [], [], [], ['b']])
  })
})

describe('reading', () => {
  it('goes on after a restart where it was, with no state', async () => {
    const { put, events, restart } = await openMapping(count)
    await put('a')
    await until(() => events.length === 1)
    await restart()
    await put('b')
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a'], ['b']])
    expect(events[1]?.state).toEqual({})
  })

  it('is as old as the oldest record that is not counted', async () => {
    let held = true
    const { put, clock, age } = await openMapping(async (event, call) => {
      await until(() => !held)
      return count(event, call)
    })
    expect(await age()).toBe(0)
    await put('a')
    clock.now += 700
    expect(await age()).toBe(700)
    held = false
    await until(async () => (await age()) === 0)
  })
})
