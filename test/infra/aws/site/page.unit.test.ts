import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from '../../../../dashboard/build.ts'
import { readSite } from '../../../../infra/local/gateway/site.ts'
import { only, templateOf } from '../template-of.ts'
import { accessControl, siteIn, smallPage } from './site-stack.ts'

const folder = smallPage()
const template = templateOf((stack) => siteIn(stack, folder))
const { DefaultCacheBehavior, Origins } = only(template, 'AWS::CloudFront::Distribution').Properties
  .DistributionConfig
const pageOrigin = Origins.find(({ Id }: { Id: string }) => Id === DefaultCacheBehavior.TargetOriginId)

describe('the page', () => {
  const bucket = only(template, 'AWS::S3::Bucket')

  it('lies in a private, encrypted bucket that goes with the stack', () => {
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      },
    })
    expect(bucket.Properties).not.toHaveProperty('BucketName')
    expect(bucket.Properties).not.toHaveProperty('WebsiteConfiguration')
  })

  it('is read by this distribution alone, over TLS, and what is not there is a 404', () => {
    const { Statement } = only(template, 'AWS::S3::BucketPolicy').Properties.PolicyDocument
    const ofCloudFront = Statement.filter(
      ({ Principal }: { Principal: { Service?: string } }) =>
        Principal.Service === 'cloudfront.amazonaws.com',
    )
    // Without s3:ListBucket, S3 answers 403 for a key that it does not have.
    expect(ofCloudFront.flatMap(({ Action }: { Action: string | string[] }) => Action)).toEqual([
      's3:GetObject',
      's3:ListBucket',
    ])
    for (const { Condition } of ofCloudFront)
      expect(JSON.stringify(Condition.StringEquals['AWS:SourceArn'])).toContain('SiteDistribution')
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    )
    expect(pageOrigin).toHaveProperty('OriginAccessControlId')
    expect(accessControl(template, 's3')).toMatchObject({
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    })
  })

  it('has the headers that the laptop sends with it, and HSTS', async () => {
    const local = (await readSite(folder, contentSecurityPolicy)).get('/index.html')?.headers ?? {}
    const { SecurityHeadersConfig: sent } = only(template, 'AWS::CloudFront::ResponseHeadersPolicy')
      .Properties.ResponseHeadersPolicyConfig
    expect(sent).toEqual({
      ContentSecurityPolicy: { ContentSecurityPolicy: local['content-security-policy'], Override: true },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { ReferrerPolicy: local['referrer-policy'], Override: true },
      StrictTransportSecurity: {
        AccessControlMaxAgeSec: 31_536_000,
        IncludeSubdomains: false,
        Override: true,
      },
    })
    // These S3 sends itself; no other header is the laptop's.
    const ofS3 = ['content-type', 'cache-control', 'etag']
    expect(Object.keys(local).filter((name) => !ofS3.includes(name))).toEqual([
      'content-security-policy',
      'x-content-type-options',
      'referrer-policy',
    ])
    expect(DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual({
      Ref: expect.stringContaining('SecurityHeaders'),
    })
  })
})

describe('the deployment of the page', () => {
  const deployments = template.findResources('Custom::CDKBucketDeployment')
  const [assetsId, assets] = Object.entries(deployments).find(([id]) => id.includes('Assets')) ?? []
  const index = Object.entries(deployments).find(([id]) => id.includes('Index'))?.[1]

  it('gives each file the Cache-Control that the laptop sends', async () => {
    const local = await readSite(folder, contentSecurityPolicy)
    const cacheControl = (path: string) => ({ 'cache-control': local.get(path)?.headers['cache-control'] })
    expect(assets?.Properties).toMatchObject({ Exclude: ['*'], Include: ['assets/*'] })
    expect(assets?.Properties.SystemMetadata).toEqual(cacheControl('/assets/index-a1b2c3.js'))
    expect(index?.Properties.Exclude).toEqual(['assets/*'])
    expect(index?.Properties.SystemMetadata).toEqual(cacheControl('/index.html'))
  })

  it('puts index.html there after what it names, and takes nothing away from pages still open', () => {
    expect(index?.DependsOn).toContain(assetsId)
    for (const deployment of [assets, index]) expect(deployment?.Properties.Prune).toBe(false)
  })

  it('invalidates index.html, by both its names, and nothing else', () => {
    expect(index?.Properties.DistributionPaths).toEqual(['/', '/index.html'])
    expect(assets?.Properties).not.toHaveProperty('DistributionId')
  })

  it('may read what the CDK uploads and write the bucket: no action of its own role is a wildcard', () => {
    const role = Object.entries(template.findResources('AWS::IAM::Role')).find(([id]) =>
      id.startsWith('SiteDeployer'),
    )?.[1]
    const [{ PolicyDocument }] = role?.Properties.Policies ?? []
    const actions = PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)
    expect(actions).toEqual([
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'cloudfront:CreateInvalidation',
      'cloudfront:GetInvalidation',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ])
    expect(role?.Properties).not.toHaveProperty('ManagedPolicyArns')
    // Nor does the CDK add a policy of its own to it.
    expect(template.findResources('AWS::IAM::Policy')).toEqual({})
  })

  it('uploads the built page and leaves the mark of the builder behind', () => {
    const app = new App()
    siteIn(new Stack(app, 'placar'), folder)
    const { directory } = app.synth()
    const uploads = readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readdirSync(join(directory, name)).toSorted())
    expect(uploads).toContainEqual(['assets', 'index.html'])
  })
})
