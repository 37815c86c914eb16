import { runCommand } from './command.ts'
import { runMenu } from './load/menu.ts'
import { smokeScenario } from './load/smoke.ts'
import { steadyScenario } from './load/steady.ts'

const about =
  'Presses votes on a running Placar (npm start), then compares the count with what was accepted.\n' +
  'Exits 1 when they differ.'

await runCommand((args) => runMenu('load', about, { steady: steadyScenario, smoke: smokeScenario }, args))
