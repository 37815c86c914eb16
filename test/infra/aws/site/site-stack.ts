import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import type { Template } from 'aws-cdk-lib/assertions'
import { FunctionUrlAuthType, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { afterAll } from 'vitest'
import { edgeOf } from '../../../../infra/aws/front-door/edge.ts'
import type { Settings } from '../../../../infra/aws/settings.ts'
import { Site } from '../../../../infra/aws/site.ts'

/** A built page, small, that is gone after the tests of the file that asks for it. */
export const smallPage = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'placar-page-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Placar</title>')
  writeFileSync(join(folder, 'assets', 'index-a1b2c3.js'), 'document.title += "!"')
  writeFileSync(join(folder, '.built-from'), 'a hash')
  afterAll(() => rmSync(folder, { recursive: true }))
  return folder
}

export const domain = {
  name: 'vote.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/a',
}

/** The site, beside stand-ins for the front door and for the scoreboard. */
export const siteIn = (stack: Stack, folder: string, settings: Pick<Settings, 'domain'> = {}): Site => {
  const { region, urlSuffix } = Stack.of(stack)
  const reader = LambdaFunction.fromFunctionAttributes(stack, 'Reader', {
    functionArn: stack.formatArn({ service: 'lambda', resource: 'function', resourceName: 'reader' }),
    sameEnvironment: true,
  })
  return new Site(stack, 'Site', {
    settings,
    frontDoor: {
      origin: { domainName: `votes.execute-api.${region}.${urlSuffix}`, path: '/live' },
      edge: edgeOf(),
    },
    reads: reader.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }),
    folder,
  })
}

/** How CloudFront signs what it asks an origin of this type, `s3` or `lambda`. */
export const accessControl = (template: Template, type: string): unknown =>
  Object.values(template.findResources('AWS::CloudFront::OriginAccessControl'))
    .map(({ Properties }) => Properties.OriginAccessControlConfig)
    .find(({ OriginAccessControlOriginType }) => OriginAccessControlOriginType === type)
