import { argv, stderr, stdout } from 'node:process'
import { runMenu } from './load/menu.ts'

/** `npm run load -- <scenario>` */
process.exitCode = await runMenu(
  {
    command: 'load',
    about:
      'Presses votes on a running Placar (npm start), then compares the count with what was accepted.\n' +
      'Exits 1 when they differ. Scenarios:',
    choices: {
      steady: async () => (await import('./load/steady.ts')).steadyScenario,
      smoke: async () => (await import('./load/smoke.ts')).smokeScenario,
    },
  },
  argv.slice(2),
  (text) => stdout.write(text),
  (text) => stderr.write(text),
)
