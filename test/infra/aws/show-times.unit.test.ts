import { describe, expect, it } from 'vitest'
import { ShowTimes } from '../../../infra/aws/show-times.ts'
import { VoteStream } from '../../../infra/aws/vote-stream.ts'
import { settingsOf } from './stage-parts.ts'
import { allowed, only, templateOf } from './template-of.ts'

describe('show times', () => {
  it('bring a function, once a minute, that may scale this stream and nothing else', () => {
    const showTimes = [{ at: '2026-12-24T20:00:00Z', shards: 64 }]
    const template = templateOf((stack) => {
      const votes = new VoteStream(stack, 'Votes', settingsOf())
      new ShowTimes(stack, 'ShowTimes', { settings: settingsOf({ showTimes }), votes })
    })
    expect(only(template, 'AWS::Scheduler::Schedule').Properties.ScheduleExpression).toBe('rate(1 minute)')
    const { Variables } = only(template, 'AWS::Lambda::Function').Properties.Environment
    expect(JSON.parse(Variables.PLACAR_SHOW_TIMES)).toEqual(showTimes)
    const scaling = allowed(template).find(({ actions }) => actions.includes('kinesis:UpdateShardCount'))
    expect(scaling?.actions).toEqual(['kinesis:DescribeStreamSummary', 'kinesis:UpdateShardCount'])
    expect(scaling?.resource).toMatch(/^\{"Fn::GetAtt":\["VotesStream/)
  })
})
