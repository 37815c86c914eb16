import { Bucket } from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { Aggregation } from '../../../infra/aws/aggregation.ts'
import { Scoreboard } from '../../../infra/aws/scoreboard.ts'
import type { Settings } from '../../../infra/aws/settings.ts'
import { VoteStream } from '../../../infra/aws/vote-stream.ts'
import { pipeline } from '../../../infra/config.ts'
import { beside, settingsOf } from './stage-parts.ts'
import { allowed, only, templateOf } from './template-of.ts'

const scoreboardTemplate = (changes: Partial<Settings> = {}) =>
  templateOf((stack) => {
    const parts = { ...beside(stack), votes: new VoteStream(stack, 'Stream', settingsOf(changes)) }
    const { aggregator } = new Aggregation(stack, 'Aggregation', {
      ...parts,
      failures: new Bucket(stack, 'Failures'),
    })
    new Scoreboard(stack, 'Scoreboard', { ...parts, aggregator })
  })

describe('the scoreboard', () => {
  const template = scoreboardTemplate()

  it('has a URL that only callers with a right to it may use', () => {
    expect(only(template, 'AWS::Lambda::Url').Properties).toMatchObject({ AuthType: 'AWS_IAM' })
  })

  it('is told the window of the mapping and the name of the aggregator', () => {
    const reader = Object.values(template.findResources('AWS::Lambda::Function')).find(
      ({ Properties }) => Properties.Environment.Variables.PLACAR_AGGREGATOR !== undefined,
    )
    expect(reader?.Properties.Environment.Variables).toMatchObject({
      PLACAR_WINDOW_SECONDS: String(pipeline.aggregator.tumblingWindowSeconds),
      PLACAR_AGGREGATOR: { Ref: expect.stringContaining('Aggregator') },
    })
  })

  it('is told whether the stream has metrics of each shard', () => {
    const told = (shardMetrics: boolean) =>
      Object.values(scoreboardTemplate({ shardMetrics }).findResources('AWS::Lambda::Function')).flatMap(
        ({ Properties }) => Properties.Environment.Variables.PLACAR_SHARD_METRICS ?? [],
      )
    expect([told(false), told(true)]).toEqual([['false'], ['true']])
  })

  it('may not write', () => {
    const reader = allowed(template).filter(({ actions }) => actions.includes('dynamodb:BatchGetItem'))
    expect(reader.flatMap(({ actions }) => actions)).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
    ])
  })
})
