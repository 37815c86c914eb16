import { describe, expect, it } from 'vitest'
import type { FailureRecord } from '../../../../infra/local/lambda/failure-record.ts'
import { until } from '../until.ts'
import { type Answer, count, dataOf, openMapping, refused } from './open-mapping.ts'

/** Fails whenever one of these records is in the batch. */
const failingFor =
  (...poison: string[]): Answer =>
  (event, call) => {
    if (dataOf(event).some((data) => poison.includes(data))) throw new Error('poison')
    return count(event, call)
  }

const destination = () => {
  const records: FailureRecord[] = []
  return {
    records,
    onFailure: async (record: FailureRecord): Promise<void> => {
      records.push(record)
    },
  }
}

describe('MaximumRetryAttempts', () => {
  it('is how often a batch is tried again; then it is left out, and its window goes on with its state', async () => {
    const { put, events } = await openMapping(failingFor('b'), { MaximumRetryAttempts: 1 })
    await put('a')
    await until(() => events.length === 1)
    await put('b')
    await until(() => events.length === 3)
    await put('c')
    await until(() => events.length === 4)
    expect(events.map(dataOf)).toEqual([['a'], ['b'], ['b'], ['c']])
    expect(events.map(({ state }) => state)).toEqual([{}, { n: 1 }, { n: 1 }, { n: 1 }])
  })

  it('does not bound a final invoke, which holds the shard until it succeeds', async () => {
    let failures = 2
    const { put, events, clock } = await openMapping(
      (event, call) => {
        if (event.isFinalInvokeForWindow && failures-- > 0) throw new Error('no table')
        return count(event, call)
      },
      { MaximumRetryAttempts: 0, MaximumRecordAgeInSeconds: 1 },
    )
    await put('a')
    await until(() => events.length === 1)
    clock.now += 5000
    await put('b')
    await until(() => events.length === 5)
    expect(events.map(dataOf)).toEqual([['a'], [], [], [], ['b']])
    expect(events[3]?.state).toEqual({ n: 1 })
  })

  it('is not used up by invocations that did not come about', async () => {
    const { put, events } = await openMapping((event, call) => (call < 3 ? refused : count(event, call)), {
      MaximumRetryAttempts: 0,
    })
    await put('a')
    await until(() => events.length === 3)
    await put('b')
    await until(() => events.length === 4)
    expect(events.map(dataOf)).toEqual([['a'], ['a'], ['a'], ['b']])
    expect(events[3]?.state).toEqual({ n: 1 })
  })

  it('is counted afresh for the next batch', async () => {
    const { put, events } = await openMapping(failingFor('a', 'b'), {
      MaximumRetryAttempts: 1,
      BatchSize: 1,
    })
    await put('a')
    await put('b')
    await put('c')
    await until(() => events.length === 5)
    expect(events.map(dataOf)).toEqual([['a'], ['a'], ['b'], ['b'], ['c']])
  })
})

describe('BisectBatchOnFunctionError', () => {
  it('cuts a failing batch in two until the record that fails is alone, and keeps the order', async () => {
    const { putTogether, events } = await openMapping(failingFor('c'), {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1,
    })
    await putTogether('a', 'b', 'c', 'd', 'e')
    await until(() => events.length === 6)
    expect(events.map((event) => dataOf(event).join(''))).toEqual(['abcde', 'abc', 'ab', 'c', 'c', 'de'])
    expect(events.at(-1)?.state).toEqual({ n: 2 })
  })
})

describe('MaximumRecordAgeInSeconds', () => {
  const minute = { MaximumRecordAgeInSeconds: 60 }

  it('ends the retries of a record that has become older', async () => {
    const { records, onFailure } = destination()
    const { put, events, clock } = await openMapping(failingFor('a'), minute, { onFailure })
    await put('a')
    await until(() => events.length > 0)
    clock.now += 60_001
    await until(() => records.length > 0)
    await put('b')
    await until(() => events.flatMap(dataOf).includes('b'))
    expect(records).toMatchObject([
      {
        requestContext: { condition: 'RecordAgeExceeded' },
        responseContext: { functionError: 'Unhandled' },
        KinesisBatchInfo: { batchSize: 1 },
      },
    ])
  })

  it('keeps a record that is older from being delivered at all, and only that', async () => {
    const { records, onFailure } = destination()
    const { put, events, clock, restart, mapping } = await openMapping(count, minute, { onFailure })
    await mapping().close()
    await put('a')
    await put('b')
    clock.now += 1000
    await put('c')
    clock.now += 59_500
    await restart()
    await until(() => events.length > 0)
    expect(events.flatMap(dataOf)).toEqual(['c'])
    expect(records).toMatchObject([
      {
        requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
        KinesisBatchInfo: { batchSize: 2 },
      },
    ])
    expect(records[0]).not.toHaveProperty('responseContext')
  })
})

describe('the on-failure destination', () => {
  it('gets the record that AWS puts into S3, with the whole event', async () => {
    const { records, onFailure } = destination()
    const { putTogether, events } = await openMapping(
      failingFor('a'),
      { MaximumRetryAttempts: 1 },
      { onFailure },
    )
    await putTogether('a', 'b')
    await until(() => records.length > 0)
    const [first, last] = events[0]?.Records ?? []
    expect(records).toEqual([
      {
        requestContext: {
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:aggregate',
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 2,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: '1970-01-01T00:16:40.000Z',
        KinesisBatchInfo: {
          shardId: 'shardId-000000000000',
          startSequenceNumber: first?.kinesis.sequenceNumber,
          endSequenceNumber: last?.kinesis.sequenceNumber,
          approximateArrivalOfFirstRecord: '1970-01-01T00:16:40.000Z',
          approximateArrivalOfLastRecord: '1970-01-01T00:16:40.000Z',
          batchSize: 2,
          streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/votes',
        },
        payload: JSON.stringify(events[0]),
      },
    ])
  })

  it('that fails holds the batch, which is tried again', async () => {
    let failures = 1
    const taken: FailureRecord[] = []
    const { put, events } = await openMapping(
      failingFor('a'),
      { MaximumRetryAttempts: 0 },
      {
        onFailure: async (record) => {
          if (failures-- > 0) throw new Error('no bucket')
          taken.push(record)
        },
      },
    )
    await put('a')
    await until(() => taken.length > 0)
    await put('b')
    await until(() => events.length === 3)
    expect(events.map(dataOf)).toEqual([['a'], ['a'], ['b']])
  })

  it('gets a discarded batch once: a restart goes on behind it', async () => {
    const { records, onFailure } = destination()
    const { put, events, restart } = await openMapping(
      failingFor('a'),
      { MaximumRetryAttempts: 0 },
      { onFailure },
    )
    await put('a')
    await until(() => records.length === 1)
    await restart()
    await put('b')
    await until(() => events.length === 2)
    expect(events.map(dataOf)).toEqual([['a'], ['b']])
    expect(records.length).toBe(1)
  })
})
