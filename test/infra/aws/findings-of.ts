import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'

/**
 * What both packs of cdk-nag, and the CDK itself, find in a stack with these constructs, warnings included; what is
 * acknowledged with a reason is no finding. Errors make the synthesis throw.
 */
export const findingsOf = (build: (stack: Stack) => void, props: StackProps = {}): unknown[] => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  build(new Stack(app, 'placar', props))
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
  return reportedFindings(app)
}

type PluginReport = { violations: unknown[] }

/** The findings that synthesizing an app reports; what is acknowledged stands elsewhere in the report. */
export const reportedFindings = (app: App): unknown[] => {
  const { directory } = app.synth()
  const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'))
  return report.pluginReports.flatMap(({ violations }: PluginReport) => violations)
}
