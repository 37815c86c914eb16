import { describe, expect, it, test } from 'vitest'
import { defaults } from '../../../infra/aws/settings.ts'
import { showBill } from '../../../load/cost.ts'
import { type PlanRequest, planShards } from '../../../load/shards/plan.ts'
import { planText } from '../../../load/shards/plan-text.ts'
import { quotas } from '../../../load/shards/quotas.ts'

const plan = (given: Partial<PlanRequest> = {}) =>
  planShards({
    votesPerSecond: 20_000,
    recordBytes: 220,
    batch: 1,
    headroom: 1.25,
    present: { shards: 4, source: 'assumed', onDemand: false },
    ...given,
  })

const from = (shards: number) => ({ present: { shards, source: 'given', onDemand: false } as const })

describe('the shards of a plan', () => {
  test.each<[string, Partial<PlanRequest>, number, 'records' | 'bytes', number]>([
    ['20,000 single votes a second', {}, 25, 'records', 220],
    ['one vote a second', { votesPerSecond: 1 }, 1, 'records', 220],
    ['just what a shard takes, without headroom', { votesPerSecond: 1_000, headroom: 1 }, 1, 'records', 220],
    ['one vote more than that', { votesPerSecond: 1_001, headroom: 1 }, 2, 'records', 220],
    // 1.1 × 70 is 77.00000000000001 in floating point.
    ['a fraction of headroom', { votesPerSecond: 70_000, headroom: 1.1 }, 77, 'records', 220],
    // 20,000 × 2,000 B are 38.15 MiB/s; × 1.25 are 47.7.
    ['records of 2,000 bytes', { recordBytes: 2_000 }, 48, 'bytes', 2_000],
    // 220 + 499 × 120 bytes, 40 a second: 2.29 MiB/s; × 1.25 are 2.9.
    ['batches of 500', { batch: 500 }, 3, 'bytes', 60_100],
    // 6,666.7 records of 460 bytes a second: 2.9 MiB/s, 6.7 shards of records; × 1.25 are 8.3.
    ['batches of 3', { batch: 3 }, 9, 'records', 460],
    ['one record of a whole MiB a second', { votesPerSecond: 1, recordBytes: 2 ** 20 }, 2, 'bytes', 2 ** 20],
  ])('%s', (_, given, needed, binds, bytes) => {
    expect(plan(given)).toMatchObject({ shards: { needed, binds }, record: { bytes } })
  })

  it('say how many of them records and bytes would fill', () => {
    const { byRecords, byBytes } = plan().shards
    expect(byRecords).toBe(20)
    expect(byBytes).toBeCloseTo(4.196, 3)
  })

  it('cannot be planned for a record that no shard takes, which is told with the batch that one does', () => {
    // (1 MiB − 100 B) ÷ 2,900 B are 361.5.
    expect(() => plan({ recordBytes: 3_000, batch: 500 })).toThrow('plan with --batch 361 or less')
    expect(plan({ recordBytes: 3_000, batch: 361 }).record.bytes).toBeLessThanOrEqual(2 ** 20)
  })

  it('are told to be filled unevenly where few and large records come', () => {
    // A shard takes 17 records of 60,100 bytes a second; 10.5 and twice their root are 17: 17 ÷ 10.5 is 1.62.
    expect(plan({ batch: 500 }).unevenness).toMatchObject({
      usual: expect.closeTo(13.33, 2),
      takes: 17,
      headroom: 1.7,
    })
    expect(plan({ batch: 500, headroom: 1.7 }).unevenness).toBeUndefined()
    expect(plan().unevenness).toBeUndefined()
    expect(plan({ votesPerSecond: 1 }).unevenness).toBeUndefined()
  })
})

describe('the steps of a plan', () => {
  it('lead from the present count, and those that are no multiple of 25 % are marked', () => {
    expect(plan().scaling).toMatchObject({
      steps: [
        { from: 4, to: 8, isMultipleOf25Percent: true },
        { from: 8, to: 16, isMultipleOf25Percent: true },
        { from: 16, to: 25, isMultipleOf25Percent: false },
      ],
      stepsADay: 10,
      daysAtLeast: 0,
    })
    expect(plan(from(25)).scaling.steps).toEqual([])
    expect(plan(from(50)).scaling.steps).toHaveLength(1)
  })

  test.each([
    // 1 → 2 → … → 1,024 are ten.
    [819_200, 10, 0],
    [819_201, 11, 1],
  ])('to %i votes/s from one shard are %i, and last %i days at least', (votesPerSecond, steps, days) => {
    const { scaling } = plan({ votesPerSecond, ...from(1) })
    expect(scaling.steps).toHaveLength(steps)
    expect(scaling.daysAtLeast).toBe(days)
  })

  it('are none where UpdateShardCount does not go, and on demand', () => {
    expect(plan({ votesPerSecond: 8_000_000, ...from(10_000) }).scaling.steps).toEqual([])
    const beyond = plan({ votesPerSecond: 8_001_000, ...from(10_000) })
    expect(beyond.shards.needed).toBe(10_002)
    expect(beyond.scaling.steps).toEqual([])
    expect(planText(beyond)).toContain('UpdateShardCount stops at 10,000 shards')
    const onDemand = plan({ present: { shards: 4, source: 'instance', onDemand: true } })
    expect(onDemand.scaling.steps).toEqual([])
    expect(planText(onDemand)).toContain('the stream is on demand')
  })
})

describe('the quotas of a plan', () => {
  const short = (given: Partial<PlanRequest>) =>
    plan(given).quotas.flatMap(({ what, enough }) => (enough === 'yes' ? [] : [[what.split(',')[0], enough]]))

  it('are those of the front door above 10,000 requests a second, headroom included', () => {
    expect(short({ votesPerSecond: 8_000 })).toEqual([['API Gateway', 'here and there']])
    expect(short({ votesPerSecond: 8_001 })).toEqual([
      ['API Gateway', 'no'],
      ["the stack's own throttle of single votes/s", 'no'],
    ])
    expect(short({ votesPerSecond: 20_000, batch: 500 })).toEqual([])
    expect(short({ votesPerSecond: 100_000, batch: 500 })).toEqual([
      ["the stack's own throttle of batches/s", 'no'],
    ])
  })

  it('are those of shards, Lambda and the count store too where there are many', () => {
    const needs = plan({ votesPerSecond: 800_000 }).quotas
    expect(needs.find(({ what }) => what.startsWith('Lambda'))).toMatchObject({ needed: 1_004, enough: 'no' })
    expect(needs.find(({ what }) => what.startsWith('Kinesis, shards of the'))).toMatchObject({
      needed: 1_000,
      enough: 'yes',
    })
    // A shard: 1.2 invocations and 0.2 seals a second of 4 units each, and 0.2 windows of 12.
    expect(needs.find(({ what }) => what.startsWith('DynamoDB'))).toMatchObject({ needed: 8_000 })
  })

  it('have a source, and those of the stack are its own settings', () => {
    expect(quotas.votesThrottle.given).toBe(defaults.throttle.votes.rate)
    expect(quotas.batchesThrottle.given).toBe(defaults.throttle.batches.rate)
    for (const { source, standing } of Object.values(quotas))
      expect(URL.canParse(source)).toBe(standing !== 'ours')
  })
})

describe('the time to final of a plan', () => {
  it('is the sum of its waits, and Lambda’s second is the longest', () => {
    // 25 ms and 0.02 ms for each of a shard's 800 votes a second.
    expect(plan().closing.aws).toEqual({
      closerMs: 250,
      readMs: 1_000,
      foldMs: 41,
      lookMs: 50,
      totalMs: 1_341,
    })
    const { laptop } = plan().closing
    expect([laptop.readMs, laptop.foldMs, laptop.totalMs].map(Math.round)).toEqual([521, 33, 854])
  })
})

describe('the costs of a plan', () => {
  it('are those of the cost model for an hour, by door and stream, beside the same votes in batches', () => {
    const { costs } = plan({ recordBytes: 200 })
    expect(costs.map(({ door, votesPerRequest, shards }) => [door, votesPerRequest, shards])).toEqual([
      ['site', 1, 25],
      ['rest', 1, 25],
      ['http', 1, 25],
      ['rest', 100, 3],
    ])
    const show = { votesPerSecond: 20_000, hours: 1, votesPerRequest: 1, streamMode: 'provisioned' } as const
    // A single vote of 200 bytes is what the model takes for granted.
    const { usd } = showBill({ ...show, door: 'rest' })
    expect(costs[1]?.usd.provisioned.perHour).toBeCloseTo(usd, 9)
    expect(costs[1]?.usd.provisioned.perMillionVotes).toBeCloseTo(usd / 72, 9)
    expect(costs[1]?.usd['on-demand'].perHour).toBeGreaterThan(usd)
  })

  it('are beside single votes where batches are planned', () => {
    expect(plan({ batch: 500 }).costs.map(({ votesPerRequest }) => votesPerRequest)).toEqual([
      500, 500, 500, 1,
    ])
  })

  it('grow with the bytes of a record', () => {
    const hour = (recordBytes: number) => plan({ recordBytes }).costs[1]?.usd['on-demand'].perHour ?? 0
    expect(hour(2_000)).toBeGreaterThan(hour(220))
  })
})

it('a plan as text has its reason, its steps, what is to be raised and what it costs', () => {
  const text = planText(plan())
  expect(text).toContain('20,000 votes/s: 25 shards. The records bind, and headroom is × 1.25.')
  expect(text).toContain('16 → 25  a few minutes, by the size of the stream; perhaps longer')
  expect(text).toContain('npm run shards -- set 25')
  expect(text).toContain('API Gateway, requests/s of the account in the Region: 25,000 needed, 10,000 given')
  expect(text).toMatch(/REST, straight, batches of 100 +3 /)
})
