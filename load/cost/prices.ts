import type { Price, Tier } from './price.ts'

/** AWS's on-demand list prices in us-east-1, without free tiers and taxes. Every dollar of the model is from here. */

const million = 1e6
const gb = 2 ** 30
const each = (usd: number): readonly Tier[] => [{ upTo: Number.POSITIVE_INFINITY, usd }]

const read = { asOf: '2026-11-20', standing: 'aws' } as const
const told = { asOf: '2026-11-20', standing: 'secondhand' } as const
const remembered = { asOf: '2026-11-21', standing: 'memory' } as const

const pages = {
  apiGateway: 'https://aws.amazon.com/api-gateway/pricing/',
  kinesis: 'https://aws.amazon.com/kinesis/data-streams/pricing/',
  advantage:
    'https://aws.amazon.com/blogs/big-data/amazon-kinesis-data-streams-launches-on-demand-advantage-for-instant-throughput-increases-and-streaming-at-scale/',
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  dynamoDb: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  firehose: 'https://www.shigemk2.com/entry/2022/01/12/210322',
  waf: 'https://aws.amazon.com/waf/pricing/',
  cloudFront: 'https://aws.amazon.com/cloudfront/pricing/',
  cloudWatch: 'https://aws.amazon.com/cloudwatch/pricing/',
} as const

const perMillion = (what: string, unit: string, tiers: readonly Tier[]) => ({
  what,
  unit: `million ${unit}`,
  pieces: million,
  tiers,
})
const perGb = (what: string, tiers: readonly Tier[]) => ({ what, unit: 'GB', pieces: gb, tiers })
const perOne = (what: string, unit: string, usd: number) => ({ what, unit, pieces: 1, tiers: each(usd) })

export const prices = {
  restRequests: {
    // Where the tiers above the first begin is from memory.
    ...perMillion('API Gateway, REST API', 'requests', [
      { upTo: 333, usd: 3.5 },
      { upTo: 1_000, usd: 2.8 },
      { upTo: 20_000, usd: 2.38 },
      { upTo: Number.POSITIVE_INFINITY, usd: 1.51 },
    ]),
    source: pages.apiGateway,
    ...read,
  },
  httpRequests: {
    ...perMillion('API Gateway, HTTP API', 'requests', [
      { upTo: 300, usd: 1 },
      { upTo: Number.POSITIVE_INFINITY, usd: 0.9 },
    ]),
    source: pages.apiGateway,
    ...read,
  },
  wafRequests: { ...perMillion('WAF, requests', 'requests', each(0.6)), source: pages.waf, ...told },
  wafAcl: { ...perOne('WAF, web ACL', 'month', 5), source: pages.waf, ...told },
  wafRule: { ...perOne('WAF, rule', 'month', 1), source: pages.waf, ...told },
  accessLogs: { ...perGb('CloudWatch Logs, taken in', each(0.5)), source: pages.cloudWatch, ...remembered },
  traces: {
    ...perMillion('X-Ray, traces recorded', 'traces', each(5)),
    source: 'https://aws.amazon.com/xray/pricing/',
    ...remembered,
  },
  dataOut: {
    ...perGb('Data out of the Region', each(0.09)),
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
    ...remembered,
  },
  shardHours: { ...perOne('Kinesis provisioned, shard', 'hour', 0.015), source: pages.kinesis, ...told },
  retentionShardHours: {
    ...perOne('Kinesis provisioned, 7 days kept instead of 1, shard', 'hour', 0.02),
    source: 'https://awsnegotiations.com/kinesis-pricing-optimization.html',
    asOf: '2026-11-21',
    standing: 'secondhand',
  },
  putUnits: {
    ...perMillion('Kinesis provisioned, PUT units of 25 KB', 'units', each(0.014)),
    source: pages.kinesis,
    ...told,
  },
  streamHours: { ...perOne('Kinesis on demand, stream', 'hour', 0.04), source: pages.kinesis, ...told },
  standardIn: {
    ...perGb('Kinesis on demand, in, records rounded up to 1 KB', each(0.08)),
    source: pages.advantage,
    ...read,
  },
  standardOut: {
    ...perGb('Kinesis on demand, out, each consumer', each(0.04)),
    source: pages.kinesis,
    ...told,
  },
  onDemandKept: {
    ...perGb('Kinesis on demand, kept beyond a day, a month', each(0.1)),
    source: pages.kinesis,
    ...remembered,
  },
  advantageIn: { ...perGb('Kinesis on-demand Advantage, in', each(0.032)), source: pages.advantage, ...read },
  advantageOut: {
    ...perGb('Kinesis on-demand Advantage, out, each consumer', each(0.016)),
    source: pages.advantage,
    ...told,
  },
  lambdaGbSeconds: {
    ...perOne('Lambda on arm64', 'GB-second', 0.0000133334),
    source: pages.lambda,
    ...told,
  },
  lambdaInvocations: {
    ...perMillion('Lambda, invocations', 'invocations', each(0.2)),
    source: pages.lambda,
    ...told,
  },
  dynamoDbWrites: {
    ...perMillion('DynamoDB on demand, write units', 'units', each(0.625)),
    source: pages.dynamoDb,
    ...told,
  },
  dynamoDbReads: {
    ...perMillion('DynamoDB on demand, read units', 'units', each(0.125)),
    source: pages.dynamoDb,
    ...told,
  },
  firehoseIn: {
    ...perGb('Firehose, records rounded up to 5 KB', each(0.029)),
    source: pages.firehose,
    ...told,
  },
  s3Stored: {
    ...perGb('S3, a month', each(0.023)),
    source: 'https://aws.amazon.com/s3/pricing/',
    ...remembered,
  },
  cloudFrontRequests: {
    ...perMillion('CloudFront, HTTPS requests', 'requests', each(1)),
    source: pages.cloudFront,
    asOf: '2026-11-21',
    standing: 'secondhand',
  },
  cloudFrontOut: {
    ...perGb('CloudFront, out to viewers', [
      { upTo: 10_240, usd: 0.085 },
      { upTo: 51_200, usd: 0.08 },
      { upTo: 153_600, usd: 0.06 },
      { upTo: 512_000, usd: 0.04 },
      { upTo: 1_048_576, usd: 0.03 },
      { upTo: 5_242_880, usd: 0.025 },
      { upTo: Number.POSITIVE_INFINITY, usd: 0.02 },
    ]),
    source: pages.cloudFront,
    asOf: '2026-11-21',
    standing: 'aws',
  },
  eventBridgeEvents: {
    ...perMillion('EventBridge, custom events', 'events', each(1)),
    source: 'https://aws.amazon.com/eventbridge/pricing/',
    ...remembered,
  },
  sqsRequests: {
    ...perMillion('SQS, requests', 'requests', each(0.4)),
    source: 'https://aws.amazon.com/sqs/pricing/',
    ...remembered,
  },
  auroraAcuHours: {
    ...perOne('Aurora Serverless v2, ACU', 'hour', 0.12),
    source: 'https://aws.amazon.com/rds/aurora/pricing/',
    ...remembered,
  },
} as const satisfies Record<string, Price>
