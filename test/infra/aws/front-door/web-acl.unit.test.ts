import { describe, expect, it } from 'vitest'
import { only } from '../template-of.ts'
import { frontDoorTemplate, type Properties } from './synthesized.ts'

const template = frontDoorTemplate()
const acl = (rate = 10_000): Properties =>
  only(
    frontDoorTemplate({ throttle: { votes: { rate, burst: 100 }, batches: { rate: 1, burst: 1 } } }),
    'AWS::WAFv2::WebACL',
  ).Properties
const properties: Properties = only(template, 'AWS::WAFv2::WebACL').Properties
const rule = (name: string, of: Properties = properties): Properties =>
  of.Rules.find(({ Name }: Properties) => Name === name)

const proof = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }

describe('the web ACL', () => {
  it('stands before the stage', () => {
    const [id] = Object.keys(template.findResources('AWS::WAFv2::WebACL'))
    const [stage] = Object.keys(template.findResources('AWS::ApiGateway::Stage'))
    const { WebACLArn, ResourceArn } = only(template, 'AWS::WAFv2::WebACLAssociation').Properties
    expect(properties.Scope).toBe('REGIONAL')
    expect(WebACLArn).toEqual({ 'Fn::GetAtt': [id, 'Arn'] })
    expect(JSON.stringify(ResourceArn)).toContain(`"Ref":"${stage}"`)
  })

  it('is called after its stack, by which its metrics go', () => {
    expect(properties.VisibilityConfig).toMatchObject({
      MetricName: 'placar',
      CloudWatchMetricsEnabled: true,
    })
  })

  it('keeps no samples of requests, which would hold voters’ addresses', () => {
    const all = [properties, ...properties.Rules].map(({ VisibilityConfig }) => VisibilityConfig)
    expect(all.map(({ SampledRequestsEnabled }) => SampledRequestsEnabled)).toEqual(all.map(() => false))
  })

  it.each([
    [10_000, 6000],
    [500, 300],
    [1, 10],
  ])('lets one address send a hundredth of %i votes a second, %i a minute', (rate, limit) => {
    for (const name of ['RatePerAddress', 'RatePerViewer'])
      expect(rule(name, acl(rate)).Statement.RateBasedStatement).toMatchObject({
        Limit: limit,
        EvaluationWindowSec: 60,
      })
  })

  it('counts who comes through CloudFront by its viewer’s address, and everybody else by that of the connection', () => {
    const direct = rule('RatePerAddress').Statement.RateBasedStatement
    const viewer = rule('RatePerViewer').Statement.RateBasedStatement
    expect(direct.AggregateKeyType).toBe('IP')
    expect(viewer).toMatchObject({
      AggregateKeyType: 'FORWARDED_IP',
      ForwardedIPConfig: { HeaderName: 'x-placar-viewer' },
    })
    const [, notEdge] = direct.ScopeDownStatement.AndStatement.Statements
    const [, edge] = viewer.ScopeDownStatement.AndStatement.Statements
    expect(notEdge).toEqual({ NotStatement: { Statement: edge } })
    expect(edge.ByteMatchStatement).toMatchObject({
      FieldToMatch: { SingleHeader: { Name: 'x-placar-edge' } },
      PositionalConstraint: 'EXACTLY',
      SearchString: proof,
    })
  })

  it.each(['RatePerAddress', 'RatePerViewer'])('leaves batches to their own throttle (%s)', (name) => {
    const [notBatches] = rule(name).Statement.RateBasedStatement.ScopeDownStatement.AndStatement.Statements
    expect(notBatches.NotStatement.Statement.ByteMatchStatement).toMatchObject({
      FieldToMatch: { UriPath: {} },
      PositionalConstraint: 'ENDS_WITH',
      SearchString: '/votes/batch',
    })
  })

  it.each(['RatePerAddress', 'RatePerViewer'])('%s answers 429 in our shape, with Retry-After', (name) => {
    const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } = rule(name).Action.Block.CustomResponse
    expect(ResponseCode).toBe(429)
    expect(ResponseHeaders).toContainEqual({ Name: 'Retry-After', Value: '1' })
    const { Content } = properties.CustomResponseBodies[CustomResponseBodyKey]
    expect(JSON.parse(Content)).toMatchObject({ error: 'throttled' })
  })

  it('looks as far into a body as a vote may be long', () => {
    expect(properties.AssociationConfig.RequestBody).toEqual({
      API_GATEWAY: { DefaultSizeInspectionLimit: 'KB_64' },
    })
    const [, size] = rule('LargeVotes').Statement.AndStatement.Statements
    expect(size.SizeConstraintStatement).toMatchObject({
      Size: 64 * 1024,
      ComparisonOperator: 'GT',
      FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
    })
  })

  it('has AWS’s common rules, of which large bodies and missing user agents are only counted', () => {
    const { Statement, OverrideAction } = rule('CommonRules')
    expect(OverrideAction).toEqual({ None: {} })
    expect(Statement.ManagedRuleGroupStatement).toMatchObject({
      VendorName: 'AWS',
      Name: 'AWSManagedRulesCommonRuleSet',
      RuleActionOverrides: [
        { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
        { Name: 'NoUserAgent_HEADER', ActionToUse: { Count: {} } },
      ],
    })
  })
})
