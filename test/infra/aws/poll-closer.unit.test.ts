import { describe, expect, it } from 'vitest'
import { PollCloser } from '../../../infra/aws/poll-closer.ts'
import { beside } from './stage-parts.ts'
import { allowed, only, templateOf } from './template-of.ts'

describe('the poll closer', () => {
  const template = templateOf((stack) => {
    new PollCloser(stack, 'PollCloser', beside(stack))
  })

  it('comes round once a minute, looks two minutes ahead, and has a minute more for what it closes', () => {
    const { ScheduleExpression, Target } = only(template, 'AWS::Scheduler::Schedule').Properties
    expect(ScheduleExpression).toBe('rate(1 minute)')
    expect(JSON.parse(Target.Input)).toEqual({ aheadMs: 120_000 })
    expect(Target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 0 })
    expect(only(template, 'AWS::Lambda::Function').Properties.Timeout).toBe(180)
  })

  it('may put markers into the stream, and read and close polls in the table', () => {
    const actions = allowed(template).flatMap(({ actions }) => actions)
    expect(actions).toEqual(expect.arrayContaining(['kinesis:PutRecords', 'dynamodb:UpdateItem']))
    expect(actions).not.toContain('dynamodb:DeleteItem')
  })
})
