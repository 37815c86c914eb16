import { runCommand } from './command.ts'
import { runMenu } from './load/menu.ts'
import { recordMinute } from './load/record-minute.ts'
import { scenarioChoices } from './load/scenario.ts'
import { steadyScenario } from './load/steady.ts'

const about =
  'Presses votes on a running Placar (npm start), then compares the count with what was accepted.\n' +
  'Exits 1 when they differ, or when a threshold is missed.'

await runCommand(async (args) => {
  const choices = { steady: steadyScenario, ...(await scenarioChoices()), 'record-minute': recordMinute }
  await runMenu('load', about, choices, args)
})
