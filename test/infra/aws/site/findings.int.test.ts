import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { expect, it } from 'vitest'
import { domain, siteIn, smallPage } from './site-stack.ts'

const folder = smallPage()

it.each([
  { is: 'without a domain', settings: {}, env: {} },
  { is: 'with a domain', settings: { domain }, env: {} },
  {
    is: 'in a named account and Region',
    settings: {},
    env: { account: '111111111111', region: 'sa-east-1' },
  },
])(
  'the site leaves cdk-nag nothing to say, $is',
  ({ settings, env }) => {
    const app = new App()
    siteIn(new Stack(app, 'placar', { env }), folder, settings)
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
    const { directory } = app.synth()
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'))
    expect(report.pluginReports).toEqual([])
  },
  120_000,
)
