import { CachePolicy, OriginRequestPolicy } from 'aws-cdk-lib/aws-cloudfront'
import { describe, expect, it } from 'vitest'
import { edgeOf } from '../../../infra/aws/front-door/edge.ts'
import { pipeline } from '../../../infra/config.ts'
import { maxAgeMs } from '../../../infra/local/gateway/edge-cache.ts'
import { errorTable } from '../../../ingest/errors.ts'
import { accessControl, domain, siteIn, smallPage } from './site/site-stack.ts'
import { only, templateOf } from './template-of.ts'

const folder = smallPage()
const template = templateOf((stack) => siteIn(stack, folder))
const distribution = only(template, 'AWS::CloudFront::Distribution').Properties.DistributionConfig

const behavior = (pattern: string) =>
  distribution.CacheBehaviors.find(({ PathPattern }: { PathPattern: string }) => PathPattern === pattern)
const originOf = ({ TargetOriginId }: { TargetOriginId: string }) =>
  distribution.Origins.find(({ Id }: { Id: string }) => Id === TargetOriginId)
describe('the distribution', () => {
  it('speaks HTTP/3, over IPv6 too, from every edge there is', () => {
    expect(distribution).toMatchObject({
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      PriceClass: 'PriceClass_All',
      DefaultRootObject: 'index.html',
    })
  })

  it('keeps no access log, which would hold the addresses of voters', () => {
    expect(distribution).not.toHaveProperty('Logging')
  })

  it('keeps no error for longer than an answer', () => {
    const kept = distribution.CustomErrorResponses.map(
      ({ ErrorCode, ErrorCachingMinTTL }: { ErrorCode: number; ErrorCachingMinTTL: number }) => [
        ErrorCode,
        ErrorCachingMinTTL,
      ],
    )
    // All that CloudFront takes (API reference, CustomErrorResponse).
    const all = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]
    expect(kept).toEqual(all.map((status) => [status, 1]))
  })

  it('says in our words that nothing answered, and leaves every other refusal as it is', () => {
    const replaced = distribution.CustomErrorResponses.filter(
      (response: object) => 'ResponsePagePath' in response,
    )
    const ours = {
      ResponseCode: errorTable.unavailable.status,
      ResponsePagePath: '/errors/unavailable.json',
    }
    expect(replaced).toMatchObject([
      { ErrorCode: 502, ...ours },
      { ErrorCode: 504, ...ours },
    ])
  })

  it('takes nothing that came in the clear for a vote, and sends readers to HTTPS', () => {
    expect(behavior('/polls/*/votes*').ViewerProtocolPolicy).toBe('https-only')
    for (const reading of [distribution.DefaultCacheBehavior, behavior('/polls/*'), behavior('/stats')])
      expect(reading.ViewerProtocolPolicy).toBe('redirect-to-https')
  })

  it('gives its address to whoever deploys it', () => {
    expect(template.findOutputs('SiteUrl')).toMatchObject({
      SiteUrl: {
        Value: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [expect.any(String), 'DomainName'] }]] },
      },
    })
  })

  it('has no name that a stack in another Region has', () => {
    const names = [
      ...Object.values(template.findResources('AWS::CloudFront::OriginAccessControl')).map(
        ({ Properties }) => Properties.OriginAccessControlConfig.Name,
      ),
      only(template, 'AWS::CloudFront::ResponseHeadersPolicy').Properties.ResponseHeadersPolicyConfig.Name,
      only(template, 'AWS::CloudFront::CachePolicy').Properties.CachePolicyConfig.Name,
      only(template, 'AWS::CloudFront::Function').Properties.Name,
    ]
    expect(names).toHaveLength(5)
    for (const name of names) expect(JSON.stringify(name)).toContain('{"Ref":"AWS::Region"}')
  })
})

describe('a name of its own', () => {
  const named = templateOf((stack) => siteIn(stack, folder, { domain }))
  const config = only(named, 'AWS::CloudFront::Distribution').Properties.DistributionConfig

  it('comes with its certificate, and TLS 1.2 at least', () => {
    expect(config.Aliases).toEqual([domain.name])
    expect(config.ViewerCertificate).toEqual({
      AcmCertificateArn: domain.certificateArn,
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    })
  })

  it('is the address, and the deployment says where it has to point', () => {
    expect(named.findOutputs('SiteUrl').SiteUrl?.Value).toBe(`https://${domain.name}`)
    expect(named.findOutputs('SiteTarget').SiteTarget?.Value).toEqual({
      'Fn::GetAtt': [expect.any(String), 'DomainName'],
    })
  })

  it('is not there unless it was given', () => {
    expect(distribution).not.toHaveProperty('Aliases')
    expect(distribution).not.toHaveProperty('ViewerCertificate')
    expect(template.findOutputs('SiteTarget')).toEqual({})
  })
})

describe('votes', () => {
  const votes = behavior('/polls/*/votes*')

  it('go to the stage of the API, and say that CloudFront passed them on', () => {
    expect(originOf(votes)).toMatchObject({
      OriginPath: '/live',
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      OriginCustomHeaders: [{ HeaderName: edgeOf().proofHeader, HeaderValue: expect.anything() }],
    })
    expect(JSON.stringify(originOf(votes).DomainName)).toContain('.execute-api.')
    expect(JSON.stringify(originOf(votes).OriginCustomHeaders)).toContain('{"Ref":"AWS::StackId"}')
  })

  it('are never cached', () => {
    expect(votes.CachePolicyId).toBe(CachePolicy.CACHING_DISABLED.cachePolicyId)
  })

  it('pass with every method and every header but Host', () => {
    expect(votes.AllowedMethods.toSorted()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'POST',
      'PUT',
    ])
    expect(votes.OriginRequestPolicyId).toBe(
      OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.originRequestPolicyId,
    )
  })

  it('are marked with the address of their voter before they are passed on', () => {
    expect(votes.FunctionAssociations).toEqual([
      { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': [expect.any(String), 'FunctionARN'] } },
    ])
    expect(only(template, 'AWS::CloudFront::Function').Properties).toMatchObject({
      AutoPublish: true,
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
    })
  })
})

describe('reads', () => {
  const cache = only(template, 'AWS::CloudFront::CachePolicy').Properties.CachePolicyConfig

  it.each(['/polls', '/polls/*', '/stats'])('of %s take GET and HEAD, from the one cache', (pattern) => {
    expect(behavior(pattern)).toMatchObject({
      AllowedMethods: ['GET', 'HEAD'],
      CachePolicyId: { Ref: expect.stringContaining('ReadsCache') },
      Compress: true,
    })
    expect(behavior(pattern)).not.toHaveProperty('OriginRequestPolicyId')
  })

  it('are cached as long as on a laptop: a second', () => {
    expect(cache).toMatchObject({ MinTTL: 1, DefaultTTL: 1, MaxTTL: 1 })
    expect(cache.MaxTTL * 1000).toBe(maxAgeMs)
  })

  it('are told apart by the two parameters that the read model knows, and compressed', () => {
    expect(cache.ParametersInCacheKeyAndForwardedToOrigin).toEqual({
      QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: ['since', 'limit'] },
      HeadersConfig: { HeaderBehavior: 'none' },
      CookiesConfig: { CookieBehavior: 'none' },
      EnableAcceptEncodingGzip: true,
      EnableAcceptEncodingBrotli: true,
    })
  })

  it('come from the function URL through one shield, signed', () => {
    const origin = originOf(behavior('/polls/*'))
    expect(JSON.stringify(origin.DomainName)).toContain('FunctionUrl')
    expect(origin).toMatchObject({
      OriginAccessControlId: { 'Fn::GetAtt': [expect.stringContaining('ReadsAccess'), 'Id'] },
      OriginShield: { Enabled: true, OriginShieldRegion: { 'Fn::FindInMap': expect.any(Array) } },
    })
    expect(accessControl(template, 'lambda')).toMatchObject({
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    })
  })

  it('are waited for a little longer than the function may take', () => {
    const { OriginReadTimeout } = originOf(behavior('/polls/*')).CustomOriginConfig
    expect(OriginReadTimeout).toBe(pipeline.scoreboard.timeoutSeconds + 1)
  })

  it('are asked of the function by this distribution alone, with both rights that a function URL asks for', () => {
    const rights = Object.values(template.findResources('AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties,
    )
    const distributionOnly = {
      Principal: 'cloudfront.amazonaws.com',
      SourceArn: {
        'Fn::Join': ['', expect.arrayContaining([{ Ref: expect.stringContaining('Distribution') }])],
      },
    }
    expect(rights).toMatchObject([
      { ...distributionOnly, Action: 'lambda:InvokeFunctionUrl' },
      { ...distributionOnly, Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ])
  })
})
