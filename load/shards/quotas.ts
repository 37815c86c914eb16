import type { Standing } from '../cost/price.ts'
import { maxSteppedShards } from './steps.ts'

/** What AWS gives an account and Region without being asked, or what the stack allows itself. */
export type Quota = {
  what: string
  /** Without a raise, where AWS gives the most. */
  given: number
  /** The least that AWS gives, and where. */
  least?: { given: number; where: string }
  /** Whether it can be raised, and what else to know. */
  note: string
  asOf: string
  source: string
  /** `ours`: a setting of the stack, not of AWS. */
  standing: Standing | 'ours'
}

const read = { asOf: '2026-11-21', standing: 'aws' } as const
const ours = { asOf: '2026-11-21', standing: 'ours', source: 'infra/aws/settings.ts' } as const

export const quotas = {
  apiGatewayRequests: {
    what: 'API Gateway, requests/s of the account in the Region',
    given: 10_000,
    least: { given: 2_500, where: 'some Regions' },
    note: 'can be raised; the burst of 5,000 beside it is set by AWS. AWS calls them targets, not guarantees',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
    ...read,
  },
  votesThrottle: {
    what: "the stack's own throttle of single votes/s",
    given: 10_000,
    note: 'set throttle.votes.rate (and burst) in cdk.json, then npm run deploy',
    ...ours,
  },
  batchesThrottle: {
    what: "the stack's own throttle of batches/s",
    given: 200,
    note: 'set throttle.batches.rate (and burst) in cdk.json, then npm run deploy',
    ...ours,
  },
  webAclRequests: {
    what: 'WAF, requests/s of a web ACL',
    given: 100_000,
    note: 'can be raised',
    source: 'https://docs.aws.amazon.com/waf/latest/developerguide/limits.html',
    ...read,
  },
  cloudFrontRequests: {
    what: 'CloudFront, requests/s of a distribution',
    given: 250_000,
    note: 'can be raised; only what comes through the site, and every viewer asks there once a second besides',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html',
    ...read,
  },
  shards: {
    what: 'Kinesis, shards of the account in the Region',
    given: 20_000,
    least: { given: 1_000, where: 'Regions other than us-east-1, us-west-2 and eu-west-1 (some have 6,000)' },
    note: 'can be raised; short-lived shards of a step count too',
    source: 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html',
    ...read,
  },
  shardsOfStream: {
    what: 'Kinesis, shards that UpdateShardCount gives a stream',
    given: maxSteppedShards,
    note: 'can be raised; or batches, or several Regions whose scoreboards are summed',
    source: 'https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html',
    ...read,
  },
  lambdaConcurrency: {
    what: 'Lambda, concurrent executions of the account in the Region',
    given: 1_000,
    note: "can be raised; new accounts start lower. One for each shard and some of Placar's; the archive's come on top",
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    ...read,
  },
  tableWrites: {
    what: 'DynamoDB, write units/s of an on-demand table',
    given: 40_000,
    note: 'can be raised; a ledger is put about once a second and shard, whatever the votes',
    source:
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html',
    ...read,
  },
} as const satisfies Readonly<Record<string, Quota>>
