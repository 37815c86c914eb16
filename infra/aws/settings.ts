import type { App } from 'aws-cdk-lib'
import { isSlug } from '../../ingest/vote.ts'
import { defaultStackName } from '../stack-outputs.ts'

/** When a show begins, and how many shards its stream shall have then. */
export type ShowTime = { at: string; shards: number }

/** Requests a second that the front door lets in, and how many more at once. */
export type Throttle = { rate: number; burst: number }

/**
 * What a deployment may choose. It is read from the `placar` object in cdk.json's context, over which
 * `-c name=value` of the command line goes for the plain ones.
 */
export type Settings = {
  /** Name of the stack; two stacks of different names live beside each other in one account and Region. */
  stack: string
  streamMode: 'provisioned' | 'on-demand'
  /** Shards of a provisioned stream, 1,000 votes/s each. */
  shards: number
  /**
   * Whether the stream has metrics of each shard, which `/stats` and `npm run shards` then tell: records, bytes,
   * throttles and age. Billed per shard and metric, and once more for each metric that is read.
   */
  shardMetrics: boolean
  /** Shard counts around known show times, of a provisioned stream. */
  showTimes: readonly ShowTime[]
  /** Single votes, and batches of trusted collectors. */
  throttle: { votes: Throttle; batches: Throttle }
  /** Timestream for LiveAnalytics; AWS closed it to new customers on 2025-06-20. */
  timeSeries: boolean
  /** Days for which nobody can delete or change an archived object (S3 Object Lock); 0: none. Only for a new stack. */
  objectLockDays: number
  /** Whether this stack sets the role with which API Gateway writes logs. It is one per account and Region. */
  apiGatewayLogRole: boolean
  /** The site's own name, with a certificate in us-east-1. */
  domain?: { name: string; certificateArn: string }
  /** Who is told of alarms and of the budget. */
  alarmEmail?: string
  /** An alarm when a month's costs pass this, in US dollars; needs `alarmEmail`. 0: none. */
  monthlyBudget: number
  /** Whether votes, counts and archive go with the stack when it is removed. */
  removeVotes: boolean
}

export const defaults: Settings = {
  stack: defaultStackName,
  streamMode: 'provisioned',
  shards: 4,
  shardMetrics: false,
  showTimes: [],
  throttle: { votes: { rate: 10_000, burst: 5_000 }, batches: { rate: 200, burst: 100 } },
  timeSeries: false,
  objectLockDays: 0,
  apiGatewayLogRole: false,
  monthlyBudget: 0,
  removeVotes: false,
}

/** A setting that cannot be; the message names it and says what was expected. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** Throws `SettingsError`. */
export const readSettings = (app: App): Settings => {
  const given = app.node.tryGetContext('placar') ?? {}
  const said = Object.fromEntries(
    plain.flatMap((name) => {
      const value = app.node.tryGetContext(name)
      return value === undefined ? [] : [[name, fromText(value)]]
    }),
  )
  return checkedSettings({ ...defaults, ...given, ...said })
}

/** Settings that a command line can say: the word or number after `-c name=`. */
const plain = [
  'stack',
  'streamMode',
  'shards',
  'shardMetrics',
  'timeSeries',
  'objectLockDays',
  'apiGatewayLogRole',
  'alarmEmail',
  'monthlyBudget',
  'removeVotes',
] as const

const fromText = (value: unknown): unknown => {
  if (value === 'true' || value === 'false') return value === 'true'
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

const known: ReadonlySet<string> = new Set([...Object.keys(defaults), 'domain', 'alarmEmail'])

/** Settings with everything in them checked. Throws `SettingsError`. */
export const checkedSettings = (settings: Settings): Settings => {
  for (const name of Object.keys(settings))
    expect(known.has(name), `there is no setting ${name}; expected ${[...known].join(', ')}`)
  const { stack, streamMode, shards, showTimes, throttle, domain, alarmEmail } = settings
  expect(isSlug(stack) && /^[a-z]/.test(stack), 'stack must be a name of a-z, 0-9 and "-"')
  expect(
    streamMode === 'provisioned' || streamMode === 'on-demand',
    'streamMode must be provisioned or on-demand',
  )
  expect(isCount(shards, 1, 10_000), 'shards must be a number from 1 to 10,000')
  expect(Array.isArray(showTimes), 'showTimes must be a list of {"at","shards"}')
  expect(
    showTimes.length === 0 || streamMode === 'provisioned',
    'showTimes need a provisioned stream; an on-demand one scales by itself',
  )
  for (const { at, shards: wanted } of showTimes) {
    expect(isInstant(at), `the show time ${JSON.stringify(at)} must be an instant like 2026-12-24T20:00:00Z`)
    expect(isCount(wanted, 1, 10_000), `the show at ${at} must have 1 to 10,000 shards`)
  }
  for (const name of ['votes', 'batches'] as const)
    expect(
      isCount(throttle[name]?.rate, 1, 1e6) && isCount(throttle[name]?.burst, 1, 1e6),
      `throttle.${name} needs a rate and a burst of at least 1`,
    )
  for (const name of ['shardMetrics', 'timeSeries', 'apiGatewayLogRole', 'removeVotes'] as const)
    expect(typeof settings[name] === 'boolean', `${name} must be true or false`)
  expect(isCount(settings.objectLockDays, 0, 36_500), 'objectLockDays must be a number of days, or 0')
  expect(isCount(settings.monthlyBudget, 0, 1e9), 'monthlyBudget must be a number of US dollars, or 0')
  expect(
    settings.monthlyBudget === 0 || alarmEmail !== undefined,
    'monthlyBudget needs alarmEmail, somebody to tell',
  )
  expect(
    alarmEmail === undefined || /^[^@\s]+@[^@\s]+$/.test(alarmEmail),
    'alarmEmail must be an e-mail address',
  )
  expect(
    domain === undefined || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain.name),
    'domain.name must be a host name like vote.example.org',
  )
  expect(
    domain === undefined || /^arn:aws[\w-]*:acm:us-east-1:/.test(domain.certificateArn),
    'domain.certificateArn must be a certificate in us-east-1, where CloudFront looks for it',
  )
  return settings
}

const isCount = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

const isInstant = (text: unknown): boolean =>
  typeof text === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) &&
  !Number.isNaN(Date.parse(text))

const expect = (condition: boolean, message: string): void => {
  if (!condition) throw new SettingsError(`Placar's settings (cdk.json, context.placar): ${message}.`)
}
