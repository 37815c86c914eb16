import type { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { exportVariables } from '../../../aggregators/variables.ts'
import { Audit } from '../../../infra/aws/audit.ts'
import { Exporting } from '../../../infra/aws/exporting.ts'
import type { Settings } from '../../../infra/aws/settings.ts'
import { TimeSeries } from '../../../infra/aws/time-series.ts'
import { unsentIndex, unwrittenIndex } from '../../../ingest/count-table.ts'
import { beside, settingsOf } from './stage-parts.ts'
import { allowed, only, templateOf } from './template-of.ts'

describe('the exporter', () => {
  const exporting = (changes: Partial<Settings> = {}) =>
    templateOf((stack) => {
      const { votes, counts } = beside(stack)
      const settings = settingsOf(changes)
      const audit = new Audit(stack, 'Audit', { settings, votes })
      const timeSeries = settings.timeSeries ? new TimeSeries(stack, 'TimeSeries', settings) : undefined
      new Exporting(stack, 'Exporting', { counts, audit, timeSeries })
    })
  const environment = (template: Template) =>
    Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) =>
      id.startsWith('Exporting'),
    )?.[1].Properties.Environment.Variables
  const template = exporting()

  it('comes round once a minute', () => {
    expect(only(template, 'AWS::Scheduler::Schedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Target: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^ExportingExporter/), 'Arn'] } },
    })
  })

  it('may read what is unsent, mark it, and put windows into their Firehose', () => {
    const rights = allowed(template)
    const put = rights.find(({ actions }) => actions.includes('firehose:PutRecordBatch'))
    expect(put).toEqual({
      actions: ['firehose:PutRecordBatch'],
      resource: expect.stringMatching(/^\{"Fn::GetAtt":\["AuditWindows/),
    })
    const indexes = rights.find(({ resource }) => resource.includes('/index/'))
    expect(indexes?.actions).toEqual(['dynamodb:Query'])
    for (const index of [unsentIndex, unwrittenIndex]) expect(indexes?.resource).toContain(`/index/${index}"`)
  })

  it('writes a time series where there is one, and nowhere otherwise', () => {
    const writes = (of: Template) =>
      allowed(of).flatMap(({ actions }) => actions.filter((action) => action.startsWith('timestream:')))
    expect([environment(template), writes(template)]).toEqual([
      expect.not.objectContaining({ [exportVariables.timeSeriesDatabase]: expect.anything() }),
      [],
    ])
    const both = exporting({ timeSeries: true })
    expect([environment(both), writes(both)]).toEqual([
      expect.objectContaining({
        [exportVariables.timeSeriesDatabase]: { Ref: expect.stringContaining('Database') },
        [exportVariables.timeSeriesTable]: { 'Fn::GetAtt': [expect.stringContaining('Table'), 'Name'] },
      }),
      ['timestream:WriteRecords', 'timestream:DescribeEndpoints'],
    ])
  })
})
