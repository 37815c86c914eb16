import { describe, expect, test } from 'vitest'
import type { Bill } from '../../load/cost/bill.ts'
import { bill, perMillion } from '../../load/cost/bill.ts'
import { charge, type Price } from '../../load/cost/price.ts'
import { prices } from '../../load/cost/prices.ts'
import { sampleBill } from '../../load/cost/sample.ts'
import { shardsUsd } from '../../load/cost/stream.ts'
import { idleMonthBill, type Show, shardsOf, showBill, viewersBill, votesIn } from '../../load/cost.ts'

const show: Show = {
  votesPerSecond: 20_000,
  hours: 1,
  door: 'rest',
  votesPerRequest: 1,
  streamMode: 'provisioned',
}

const item = (name: string, { lines }: Bill): number => lines.find((line) => line.item === name)?.usd ?? 0
const each = (given: Show): Bill => perMillion(showBill(given), votesIn(given))

describe('a price', () => {
  test('is charged by its tiers, each for its own part', () => {
    // 333 × 3.50 + 667 × 2.80 + 500 × 2.38
    expect(charge(prices.restRequests, 1_500e6)).toBeCloseTo(1165.5 + 1867.6 + 1190, 6)
  })

  test.each(Object.entries(prices))(
    '%s has a unit, a date, a source and ascending tiers',
    (_, price: Price) => {
      expect(price.unit).not.toBe('')
      expect(price.asOf).toMatch(/^2026-\d\d-\d\d$/)
      expect(URL.canParse(price.source)).toBe(true)
      const ends = price.tiers.map(({ upTo }) => upTo)
      expect(ends).toEqual(ends.toSorted((a, b) => a - b))
      expect(ends.at(-1)).toBe(Number.POSITIVE_INFINITY)
    },
  )
})

describe('a show', () => {
  test('costs the sum of its items', () => {
    const { lines, usd } = showBill(show)
    expect(usd).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.usd, 0),
      9,
    )
  })

  test('leaves out items that cost nothing', () => {
    expect(bill({ one: 1, none: 0 }).lines).toEqual([{ item: 'one', usd: 1 }])
  })

  test('pays the REST API $3.50 for a million single votes, and a hundredth in batches of 100', () => {
    expect(item('API Gateway', each(show))).toBeCloseTo(3.5, 9)
    expect(item('API Gateway', each({ ...show, votesPerRequest: 100 }))).toBeCloseTo(0.035, 9)
  })

  test('pays a falling price for each million above the first tier', () => {
    expect(item('API Gateway', each({ ...show, votesPerSecond: 1_000_000 }))).toBeLessThan(2.6)
  })

  test('pays for CloudFront only through the site', () => {
    expect(item('CloudFront, votes', showBill(show))).toBe(0)
    expect(item('CloudFront, votes', each({ ...show, door: 'site' }))).toBeGreaterThan(1)
  })

  test('has no firewall before an HTTP API', () => {
    expect(item('WAF', showBill(show))).toBeGreaterThan(0)
    expect(item('WAF', showBill({ ...show, door: 'http' }))).toBe(0)
  })

  test('needs 25 shards for 20,000 single votes a second, and 3 in batches of 100', () => {
    expect(shardsOf({ votesPerSecond: 20_000, votesPerRequest: 1 })).toBe(25)
    // 200 records of 12,080 bytes a second are 2.3 MiB/s.
    expect(shardsOf({ votesPerSecond: 20_000, votesPerRequest: 100 })).toBe(3)
  })

  test('can be given shards of its own', () => {
    const more = showBill({ ...show, shards: 125 })
    expect(item('Kinesis', more) - item('Kinesis', showBill(show))).toBeCloseTo(shardsUsd(100, 1), 9)
  })

  test('pays provisioned records in units of 25 KB', () => {
    const units = (votesPerRequest: number): number =>
      item('Kinesis', showBill({ ...show, votesPerRequest, shards: 0 })) * votesPerRequest
    // 500 votes are 60,080 bytes, 3 units; 100 are one.
    expect(units(500)).toBeCloseTo(3 * units(100), 9)
  })

  test('pays on-demand records rounded up to 1 KB, in once and out for each consumer', () => {
    const gb = (20_000 * 3_600 * 1024) / 2 ** 30
    const kinesis = item('Kinesis', showBill({ ...show, streamMode: 'on-demand' }))
    expect(kinesis).toBeGreaterThan(0.04 + gb * (0.08 + 2 * 0.04))
    expect(kinesis).toBeLessThan(1.05 * (0.04 + gb * (0.08 + 2 * 0.04)))
  })

  test('pays Firehose for 5 KB a record, however small', () => {
    expect(item('Firehose', each(show))).toBeCloseTo((1e6 * 5 * 1024 * 0.029) / 2 ** 30, 9)
  })

  test('pays a day of 25 MiB/s in and out for on-demand Advantage at the least: about $100, as AWS says', () => {
    const quiet = { ...show, votesPerSecond: 1, streamMode: 'on-demand advantage' } as const
    expect(item('Kinesis', showBill(quiet))).toBeCloseTo(101.25, 1)
  })

  test('pays Lambda and DynamoDB by shard and second, hardly by vote', () => {
    const few = showBill({ ...show, votesPerSecond: 2_000, shards: 25 })
    const many = showBill({ ...show, shards: 25 })
    expect(item('DynamoDB', many)).toBe(item('DynamoDB', few))
    expect(item('Lambda, aggregator', many)).toBeLessThan(3 * item('Lambda, aggregator', few))
  })
})

describe('what docs/cost.md says in words', () => {
  const front = ['CloudFront, votes', 'API Gateway', 'WAF', 'Access log', 'X-Ray', 'Data out']

  test.each(['site', 'rest'] as const)('the front door is over nine tenths of a single vote (%s)', (door) => {
    const whole = showBill({ ...show, door })
    const share = front.reduce((sum, name) => sum + item(name, whole), 0) / whole.usd
    expect(share).toBeGreaterThan(0.9)
  })

  test('batches of 100 cost about a hundredth, and less than an HTTP API', () => {
    const batches = showBill({ ...show, votesPerRequest: 100 }).usd
    expect(batches / showBill(show).usd).toBeCloseTo(0.01, 2)
    expect(batches).toBeLessThan(showBill({ ...show, door: 'http' }).usd)
  })

  test('a vote through the site costs less than in the sample', () => {
    expect(showBill({ ...show, door: 'site' }).usd).toBeLessThan(sampleBill(20_000, 1).usd)
  })

  test('provisioned shards are the cheapest stream at every rate of the page', () => {
    for (const votesPerSecond of [1_000, 20_000, 50_000, 1_000_000])
      for (const votesPerRequest of [1, 100]) {
        const kinesis = (streamMode: Show['streamMode']): number =>
          item('Kinesis', showBill({ ...show, votesPerSecond, votesPerRequest, streamMode }))
        expect(kinesis('provisioned')).toBeLessThan(kinesis('on-demand'))
        expect(kinesis('provisioned')).toBeLessThan(kinesis('on-demand advantage'))
      }
  })

  test('more than half of an idle shard is its retention', () => {
    expect(charge(prices.retentionShardHours, 1)).toBeGreaterThan(shardsUsd(1, 1) / 2)
  })

  test('viewers cost by the hour they watch, not by votes', () => {
    expect(viewersBill(2_000, 1).usd).toBeCloseTo(2 * viewersBill(1_000, 1).usd, 9)
  })

  test('an idle month on demand is cheaper than with four shards', () => {
    expect(idleMonthBill('on-demand', 0).usd).toBeLessThan(idleMonthBill('provisioned', 4).usd)
  })
})
