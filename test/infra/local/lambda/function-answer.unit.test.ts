import { describe, expect, it } from 'vitest'
import { processedRecords } from '../../../../infra/local/lambda/function-answer.ts'

const processed = (answer: unknown) => processedRecords(answer, 3, () => ['41', '42', '43'])
const reporting = (...identifiers: unknown[]) =>
  processed({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) })

describe('a function that may report records', () => {
  it.each([null, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
    'has processed the whole batch when it answers %j',
    (answer) => {
      expect(processed(answer)).toBe(3)
    },
  )

  it('has processed what comes before the lowest sequence number that it reports', () => {
    expect(reporting('43')).toBe(2)
    expect(reporting('43', '42')).toBe(1)
    expect(reporting('41')).toBe(0)
  })

  it('has failed for the whole batch when an identifier is empty, null, missing or not in the batch', () => {
    expect(reporting('')).toBeUndefined()
    expect(reporting(null)).toBeUndefined()
    expect(reporting('44')).toBeUndefined()
    expect(reporting('43', '44')).toBeUndefined()
    expect(processed({ batchItemFailures: [{ sequenceNumber: '42' }] })).toBeUndefined()
    expect(processed({ batchItemFailures: [null] })).toBeUndefined()
    expect(processed({ batchItemFailures: '42' })).toBeUndefined()
  })
})
