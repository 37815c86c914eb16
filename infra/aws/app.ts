import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { buildSite } from '../../dashboard/build.ts'
import { PlacarStack } from './placar-stack.ts'
import { readSettings } from './settings.ts'

/** What `cdk` runs (cdk.json): synthesizes the stack that the settings describe. */
const app = new App()
const settings = readSettings(app)
await buildSite()
const stack = new PlacarStack(app, settings.stack, settings)
Tags.of(stack).add('placar', settings.stack)
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
app.synth()
