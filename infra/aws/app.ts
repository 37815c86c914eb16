import { App } from 'aws-cdk-lib'
import { buildSite } from '../../dashboard/build.ts'
import { runCommand } from '../cli/command.ts'
import { addPlacar } from './placar.ts'
import { readSettings } from './settings.ts'

/** What `cdk` runs (cdk.json): synthesizes the stack that the settings describe. */
const main = async (): Promise<void> => {
  const app = new App()
  const settings = readSettings(app)
  await buildSite()
  addPlacar(app, settings)
  app.synth()
}

await runCommand(main)
