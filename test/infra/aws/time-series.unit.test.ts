import { describe, expect, it } from 'vitest'
import { TimeSeries } from '../../../infra/aws/time-series.ts'
import { settingsOf } from './stage-parts.ts'
import { only, templateOf } from './template-of.ts'

describe('the time series', () => {
  it('is a database and a table that outlive the stack', () => {
    const template = templateOf((stack) => new TimeSeries(stack, 'TimeSeries', settingsOf()))
    expect(only(template, 'AWS::Timestream::Table')).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { RetentionProperties: { MemoryStoreRetentionPeriodInHours: '168' } },
    })
    expect(only(template, 'AWS::Timestream::Database').DeletionPolicy).toBe('Retain')
  })
})
