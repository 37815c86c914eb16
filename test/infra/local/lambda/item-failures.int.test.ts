import { describe, expect, it } from 'vitest'
import type { FailureRecord } from '../../../../infra/local/lambda/failure-record.ts'
import type { MappingSettings } from '../../../../infra/local/lambda/mapping-settings.ts'
import { until } from '../until.ts'
import { type Answer, count, dataOf, openMapping } from './open-mapping.ts'

const reporting: Partial<MappingSettings> = { FunctionResponseTypes: ['ReportBatchItemFailures'] }

/** Counts the records, and reports these as failed the first `times` times that they are seen. */
const reportingOf = (reported: readonly string[], times = 1): Answer => {
  const seen = new Map<string, number>()
  return (event, call) => {
    const failures = event.Records.filter((_, at) => {
      const data = dataOf(event)[at] ?? ''
      seen.set(data, (seen.get(data) ?? 0) + 1)
      return reported.includes(data) && (seen.get(data) ?? 0) <= times
    })
    const batchItemFailures = failures.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber }))
    return { ...(count(event, call) as object), batchItemFailures: batchItemFailures.reverse() }
  }
}

const story = (events: Parameters<typeof dataOf>[0][]): string[] =>
  events.map((event) => dataOf(event).join(''))

describe('ReportBatchItemFailures', () => {
  it('delivers everything from the lowest reported record again, with the state that was answered', async () => {
    const { putTogether, put, events } = await openMapping(reportingOf(['b', 'd']), reporting)
    await putTogether('a', 'b', 'c', 'd', 'e')
    await until(() => events.length === 2)
    await put('f')
    await until(() => events.length === 3)
    expect(story(events)).toEqual(['abcde', 'bcde', 'f'])
    expect(events.map(({ state }) => state)).toEqual([{}, { n: 5 }, { n: 9 }])
  })

  it('is not asked for by default: what is reported is then ignored', async () => {
    const { putTogether, put, events } = await openMapping(reportingOf(['b']))
    await putTogether('a', 'b')
    await until(() => events.length === 1)
    await put('c')
    await until(() => events.length === 2)
    expect(story(events)).toEqual(['ab', 'c'])
  })

  it('an identifier that the batch does not have fails the whole batch, and the state stays as it was', async () => {
    const { putTogether, events } = await openMapping((event, call) => {
      const answer = count(event, call) as object
      return call === 1 ? { ...answer, batchItemFailures: [{ itemIdentifier: '1' }] } : answer
    }, reporting)
    await putTogether('a', 'b')
    await until(() => events.length === 2)
    expect(story(events)).toEqual(['ab', 'ab'])
    expect(events[1]?.state).toEqual({})
  })

  it('goes on behind what was processed after a restart', async () => {
    const { putTogether, restart, events } = await openMapping(reportingOf(['b'], 100), reporting)
    await putTogether('a', 'b')
    await until(() => events.length > 0)
    await restart()
    const before = events.length
    await until(() => events.length > before)
    expect(story(events).slice(0, 1)).toEqual(['ab'])
    expect(new Set(story(events).slice(1))).toEqual(new Set(['b']))
  })

  it('with bisecting cuts the batch at the reported record and uses up no retry', async () => {
    const { putTogether, put, events } = await openMapping(reportingOf(['b', 'c']), {
      ...reporting,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
    })
    await putTogether('a', 'b', 'c')
    await until(() => events.length === 2)
    await put('d')
    await until(() => events.length === 3)
    expect(story(events)).toEqual(['abc', 'bc', 'd'])
  })

  it('without retries discards everything from the reported record, told without a function error', async () => {
    const records: FailureRecord[] = []
    const { putTogether, put, events } = await openMapping(
      reportingOf(['b']),
      { ...reporting, MaximumRetryAttempts: 0 },
      {
        onFailure: async (record) => {
          records.push(record)
        },
      },
    )
    await putTogether('a', 'b', 'c')
    await until(() => records.length === 1)
    await put('d')
    await until(() => events.length === 2)
    expect(story(events)).toEqual(['abc', 'd'])
    expect(records).toMatchObject([
      {
        requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 1 },
        KinesisBatchInfo: { batchSize: 2 },
      },
    ])
    expect(records[0]?.responseContext).toEqual({ statusCode: 200, executedVersion: '$LATEST' })
    expect(JSON.parse(records[0]?.payload ?? '')).toMatchObject({ state: { n: 3 } })
  })

  it('counts for a final invoke too: it has no record that could be reported', async () => {
    let failures = 1
    const { put, events, clock } = await openMapping((event, call) => {
      const answer = count(event, call) as object
      return event.isFinalInvokeForWindow && failures-- > 0
        ? { ...answer, batchItemFailures: [{ itemIdentifier: '1' }] }
        : answer
    }, reporting)
    await put('a')
    await until(() => events.length === 1)
    clock.now += 5000
    await put('b')
    await until(() => events.length === 4)
    expect(story(events)).toEqual(['a', '', '', 'b'])
  })
})
