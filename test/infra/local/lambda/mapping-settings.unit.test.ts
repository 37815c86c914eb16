import { describe, expect, it } from 'vitest'
import { type MappingSettings, mappingSettings } from '../../../../infra/local/lambda/mapping-settings.ts'

describe('the settings of a mapping', () => {
  it('are those of AWS where none are given', () => {
    expect(mappingSettings()).toEqual({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      TumblingWindowInSeconds: 0,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      BisectBatchOnFunctionError: false,
      FunctionResponseTypes: [],
      ParallelizationFactor: 1,
    })
  })

  it.each<Partial<MappingSettings>>([
    { BatchSize: 10_000, MaximumBatchingWindowInSeconds: 300, TumblingWindowInSeconds: 900 },
    { MaximumRetryAttempts: 10_000, MaximumRecordAgeInSeconds: 604_800 },
    { BatchSize: 1, MaximumRetryAttempts: 0, MaximumRecordAgeInSeconds: 0 },
  ])('may be as large and as small as on AWS: %j', (given) => {
    expect(mappingSettings(given)).toMatchObject(given)
  })

  it.each<[Partial<MappingSettings>, string]>([
    [{ BatchSize: 0 }, 'BatchSize is 0; it must be from 1 to 10000'],
    [{ BatchSize: 10_001 }, 'BatchSize'],
    [{ BatchSize: 1.5 }, 'BatchSize'],
    [{ MaximumBatchingWindowInSeconds: 301 }, 'MaximumBatchingWindowInSeconds'],
    [{ TumblingWindowInSeconds: 901 }, 'TumblingWindowInSeconds'],
    [{ MaximumRetryAttempts: -2 }, 'MaximumRetryAttempts'],
    [{ MaximumRetryAttempts: 10_001 }, 'MaximumRetryAttempts'],
    [{ MaximumRecordAgeInSeconds: 604_801 }, 'MaximumRecordAgeInSeconds'],
    [{ ParallelizationFactor: 2 }, 'ParallelizationFactor is 2; it must be 1'],
  ])('out of their range are an error: %j', (given, message) => {
    expect(() => mappingSettings(given)).toThrow(message)
  })
})
