import { type App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { PlacarStack } from './placar-stack.ts'
import type { Settings } from './settings.ts'

/**
 * Adds the stack that the settings describe, in the account and Region that the CDK is pointed at. Synthesizing it fails on a
 * finding of cdk-nag that nobody has acknowledged with a reason.
 */
export const addPlacar = (app: App, settings: Settings): PlacarStack => {
  const stack = new PlacarStack(app, settings.stack, settings)
  Tags.of(stack).add('placar', settings.stack)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
  return stack
}
