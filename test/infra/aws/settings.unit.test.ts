import { App } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { readSettings } from '../../../infra/aws/settings.ts'

const read = (placar: Record<string, unknown>, said: Record<string, string> = {}) =>
  readSettings(new App({ context: { placar, ...said } }))

const refused: [fact: string, placar: Record<string, unknown>, line: RegExp][] = [
  ['show times that are no list', { showTimes: '20:00' }, /showTimes must be a list/],
  [
    'a domain that is a URL',
    { domain: { name: 'https://vote.example.org', certificateArn: 'arn:aws:acm:us-east-1:1:certificate/a' } },
    /host name/,
  ],
  ['a setting that there is not', { shard: 4 }, /there is no setting shard; expected stack, /],
  ['a stack name with a capital', { stack: 'Placar' }, /stack must be a name/],
  ['a stack name that begins with a digit', { stack: '1' }, /stack must be a name/],
  ['another stream mode', { streamMode: 'ON_DEMAND' }, /provisioned or on-demand/],
  ['half a shard', { shards: 1.5 }, /shards must be a number from 1/],
  [
    'show times of an on-demand stream',
    { streamMode: 'on-demand', showTimes: [{ at: '2026-12-24T20:00:00Z', shards: 8 }] },
    /showTimes need a provisioned stream/,
  ],
  [
    'a show without a time zone',
    { showTimes: [{ at: '2026-12-24T20:00', shards: 8 }] },
    /must be an instant/,
  ],
  ['a show at no instant', { showTimes: [{ at: '2026-13-24T20:00:00Z', shards: 8 }] }, /must be an instant/],
  ['a show without shards', { showTimes: [{ at: '2026-12-24T20:00:00Z' }] }, /1 to 10,000 shards/],
  ['no burst', { throttle: { votes: { rate: 1 }, batches: { rate: 1, burst: 1 } } }, /throttle.votes needs/],
  ['a throttle of votes alone', { throttle: { votes: { rate: 1, burst: 1 } } }, /throttle.batches needs/],
  ['a time series by word', { timeSeries: 'yes' }, /timeSeries must be true or false/],
  ['a lock of less than a day', { objectLockDays: 0.5 }, /objectLockDays/],
  ['a budget that nobody is told of', { monthlyBudget: 100 }, /needs alarmEmail/],
  ['an address without an @', { alarmEmail: 'ops' }, /e-mail/],
  [
    'a certificate elsewhere',
    { domain: { name: 'vote.example.org', certificateArn: 'arn:aws:acm:eu-west-1:1:certificate/a' } },
    /us-east-1/,
  ],
]

describe('settings', () => {
  it('have defaults, cdk.json over them, and the command line over that', () => {
    expect(read({})).toMatchObject({
      stack: 'placar',
      streamMode: 'provisioned',
      shards: 4,
      removeVotes: false,
    })
    const settings = read(
      { shards: 8, timeSeries: true },
      { shards: '16', timeSeries: 'false', stack: 'trial' },
    )
    expect(settings).toMatchObject({ stack: 'trial', shards: 16, timeSeries: false })
  })

  it.each(refused)('%s is refused with a line that says what is expected', (_fact, placar, line) => {
    expect(() => read(placar)).toThrow(line)
    expect(() => read(placar)).toThrow(/^Placar's settings \(cdk.json, context.placar\): /)
  })
})
