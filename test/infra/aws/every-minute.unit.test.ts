import { describe, expect, it } from 'vitest'
import { PollCloser } from '../../../infra/aws/poll-closer.ts'
import { beside } from './stage-parts.ts'
import { only, templateOf } from './template-of.ts'

describe('what runs once a minute', () => {
  const template = templateOf((stack) => {
    new PollCloser(stack, 'PollCloser', beside(stack))
  })

  it('is repeated by nobody: the next run does what this one could not', () => {
    expect(
      only(template, 'AWS::Scheduler::Schedule').Properties.Target.RetryPolicy.MaximumRetryAttempts,
    ).toBe(0)
    expect(only(template, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      FunctionName: { Ref: Object.keys(template.findResources('AWS::Lambda::Function'))[0] },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    })
  })

  it('is run by a role that schedules of this account alone may take', () => {
    const roles = Object.values(template.findResources('AWS::IAM::Role'))
    const trusts = roles.flatMap(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement)
    expect(trusts).toContainEqual({
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    })
  })
})
