import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildSite } from '../../../dashboard/build.ts'
import { addPlacar } from '../../../infra/aws/placar.ts'
import { checkedSettings, defaults, type Settings } from '../../../infra/aws/settings.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'
import { reportedFindings } from './findings-of.ts'
import type { Resource } from './template-of.ts'

/** The whole stack, synthesized as `npm run synth` does, findings and all; only the handlers are not bundled. */
const synthesize = async (changes: Partial<Settings> = {}): Promise<Template> => {
  const app = new App({ outdir: await temporaryFolder(), context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = addPlacar(app, checkedSettings({ ...defaults, ...changes }))
  expect(reportedFindings(app)).toEqual([])
  return Template.fromStack(stack)
}

const resourcesOf = (template: Template): [id: string, resource: Resource][] =>
  Object.entries(template.toJSON().Resources)

const domain = {
  name: 'vote.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000',
}

const variants: [fact: string, changes: Partial<Settings>][] = [
  ['by default', {}],
  ['on demand, with a time series', { streamMode: 'on-demand', timeSeries: true }],
  ['with show times', { showTimes: [{ at: '2026-12-24T20:00:00Z', shards: 64 }] }],
  ['with a domain, alarms and a budget', { domain, alarmEmail: 'ops@example.org', monthlyBudget: 500 }],
  ['with a locked archive and the log role of API Gateway', { objectLockDays: 30, apiGatewayLogRole: true }],
  ['to be removed with its votes', { removeVotes: true }],
]

/** Properties that name a resource for its whole account or Region. */
const naming = /^(Name|.*Name|.*NameTag|AliasName)$/

type Statement = { Effect: string; Action: string | string[]; Resource?: unknown }

/** Every statement of every policy in a resource's properties. */
const statementsIn = (value: unknown): Statement[] => {
  if (typeof value !== 'object' || value === null) return []
  const own = 'Effect' in value && 'Action' in value ? [value as Statement] : []
  return [...own, ...Object.values(value).flatMap(statementsIn)]
}

const isWide = (action: string): boolean => action === '*' || action.endsWith(':*')

// The first synthesis loads the CDK and cdk-nag; beside other work on two cores it has taken over half a minute.
describe('the whole stack', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    await buildSite()
  }, 60_000)

  it.each(variants)(
    '%s, is synthesized, and cdk-nag finds nothing that is not acknowledged',
    async (_fact, changes) => {
      const template = await synthesize(changes)
      expect(resourcesOf(template).length).toBeGreaterThan(50)
    },
  )

  it('has a time series where it is asked for, and only there', async () => {
    const types = async (timeSeries: boolean) =>
      new Set(resourcesOf(await synthesize({ timeSeries })).map(([, { Type }]) => Type))
    expect(await types(false)).not.toContain('AWS::Timestream::Table')
    expect(await types(true)).toContain('AWS::Timestream::Table')
  })

  it('allows nobody every action, nor every action of a service', async () => {
    const template = await synthesize({ timeSeries: true, alarmEmail: 'ops@example.org' })
    const wide = resourcesOf(template).flatMap(([id, { Type, Properties }]) =>
      statementsIn(Properties)
        .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().some(isWide))
        .map(() => `${Type} ${id}`),
    )
    // AWS's own first statement of a key's policy: whoever the account trusts with keys is trusted with this one.
    expect(wide.filter((place) => !place.startsWith('AWS::KMS::Key'))).toEqual([])
  })

  // One acknowledgement of cdk-nag's, made for X-Ray, lets every `*` of a handler's role pass.
  it('allows everywhere only what AWS knows no resources for', async () => {
    const showTimes = [{ at: '2026-12-24T20:00:00Z', shards: 64 }]
    const template = await synthesize({ timeSeries: true, showTimes, alarmEmail: 'ops@example.org' })
    const everywhere = resourcesOf(template)
      // In a key's policy `*` is the key itself.
      .filter(([, { Type }]) => Type !== 'AWS::KMS::Key')
      .flatMap(([, { Properties }]) => statementsIn(Properties))
      .filter(({ Effect, Resource }) => Effect === 'Allow' && [Resource].flat().includes('*'))
      .flatMap(({ Action }) => Action)
    expect([...new Set(everywhere)].sort()).toEqual([
      'cloudwatch:GetMetricData',
      'timestream:DescribeEndpoints',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ])
  })

  it('can stand beside another: no name in it is fixed', async () => {
    const [one, other] = [await synthesize(), await synthesize({ stack: 'another' })]
    const elsewhere = new Map(resourcesOf(other))
    const fixed = resourcesOf(one).flatMap(([id, { Type, Properties = {} }]) =>
      Object.entries(Properties)
        .filter(
          ([name, value]) => naming.test(name) && typeof value === 'string' && !isOfItsParent(Type, name),
        )
        .filter(([name, value]) => elsewhere.get(id)?.Properties[name] === value)
        .map(([name, value]) => `${Type} ${name} ${value}`),
    )
    expect(fixed).toEqual([])
  })

  it('keeps stream, counts, archive and time series when it is removed, unless it was asked to remove them', async () => {
    const kept = async (removeVotes: boolean) =>
      resourcesOf(await synthesize({ removeVotes, timeSeries: true })).flatMap(
        ([id, { Type, DeletionPolicy }]) =>
          holdsVotes.has(Type) ? [[Type, id, DeletionPolicy] as const] : [],
      )
    const byDefault = await kept(false)
    expect(new Set(byDefault.map(([type]) => type))).toEqual(holdsVotes)
    const archive = (id: string): boolean => /Archive|Failures/.test(id)
    for (const [type, id, policy] of byDefault)
      if (type !== 'AWS::S3::Bucket' || archive(id)) expect([id, policy]).toEqual([id, 'Retain'])
    for (const [, id, policy] of await kept(true)) expect([id, policy]).toEqual([id, 'Delete'])
  })
})

const holdsVotes: ReadonlySet<string> = new Set([
  'AWS::Kinesis::Stream',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::Timestream::Database',
  'AWS::Timestream::Table',
])

/** Names that are one's own only within another resource, which has a name of its own. */
const isOfItsParent = (type: string, name: string): boolean =>
  type === 'AWS::IAM::Policy' || // in its role
  type === 'AWS::Athena::NamedQuery' || // many may have the same
  type === 'AWS::ApiGateway::Stage' ||
  type === 'AWS::ApiGateway::Model' ||
  type === 'AWS::ApiGateway::RequestValidator' ||
  (type === 'AWS::Glue::Table' && name !== 'DatabaseName') ||
  (type === 'AWS::CloudWatch::Alarm' && name !== 'AlarmName') ||
  type === 'AWS::Lambda::EventSourceMapping'
