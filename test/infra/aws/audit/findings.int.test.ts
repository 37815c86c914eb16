import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { expect, it } from 'vitest'
import { auditIn } from './audit-stack.ts'

it.each([
  { is: 'as it is by default', settings: {} },
  { is: 'with object lock', settings: { objectLockDays: 30 } },
  { is: 'removed with its stack', settings: { removeVotes: true } },
])(
  'the audit leaves cdk-nag nothing to say, $is',
  ({ settings }) => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
    auditIn(new Stack(app, 'placar'), settings)
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
    const { directory } = app.synth()
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'))
    expect(report.pluginReports).toEqual([])
  },
  120_000,
)
