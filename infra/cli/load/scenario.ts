import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { missedThresholds } from '../../../load/playing/ensure.ts'
import { optionsOf, slowClientsPerArrival } from '../../../load/playing/kinds.ts'
import { lengthMs, scenarioPlan, scenarioSchedule, warmUpPlan } from '../../../load/playing/plan.ts'
import { aboutOf, firstSentence, parseScenario, type Scenario } from '../../../load/playing/scenario.ts'
import { slowClientsBeside } from '../../../load/playing/slow-clients.ts'
import { type CommandLine, type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { runByArtillery } from './by-artillery.ts'
import { findGround, type Ground } from './ground.ts'
import type { Choice } from './menu.ts'
import { checkPress, press } from './press.ts'
import { say } from './progress.ts'
import {
  addressOf,
  scaleFlag,
  scaleOf,
  volleyFlagsWith,
  volleySettings,
  warmUpSecondsOf,
} from './volley-flags.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'load', 'scenarios')

const flagsOf = ({ aims }: Scenario) =>
  ({
    generator: {
      value: 'NAME',
      says: 'volley, or artillery, which is installed on first use (about 460 MB)',
      default: 'volley',
    },
    ...scaleFlag,
    ...volleyFlagsWith(aims),
  }) satisfies Flags

/** The scenarios of load/scenarios by name, each with the first sentence of its file. */
export const scenarioChoices = async (): Promise<Record<string, Choice>> => {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.yml')).toSorted()
  const choices = names.map(async (file): Promise<[string, Choice]> => {
    const yaml = await readFile(join(folder, file), 'utf8')
    return [file.replace(/\.yml$/, ''), scenarioChoice(file, yaml)]
  })
  return Object.fromEntries(await Promise.all(choices))
}

const scenarioChoice = (file: string, yaml: string): Choice => ({
  summary: firstSentence(aboutOf(yaml)),
  run: async (args) => {
    const name = file.replace(/\.yml$/, '')
    const scenario = parseScenario(yaml, file)
    const flags = flagsOf(scenario)
    const help = `npm run load -- ${name} [flags]\n\n${aboutOf(yaml)}\n\n${flagLines(flags)}`
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const generator = line.text('generator')
    if (generator === 'volley') return await byVolley(line, scenario)
    if (generator !== 'artillery')
      throw new UsageError(`--generator must be volley or artillery, not ${JSON.stringify(generator)}.`)
    return await runByArtillery(line, join(folder, file), scaleOf(line), () => groundOf(line, scenario))
  },
})

const byVolley = async (line: CommandLine, scenario: Scenario): Promise<boolean> => {
  const settings = volleySettings(line)
  const scale = scaleOf(line)
  await checkPress(line)
  const ground = await groundOf(line, scenario, addressOf)
  if (scenario.leftOut.length > 0)
    say(`Played by volley, without what only Artillery has: ${scenario.leftOut.join(', ')}.\n`)
  const { poll } = ground
  const address = addressOf(ground.url)
  const where = { poll, address, scale }
  const slow = scale * slowClientsPerArrival(scenario)
  return await press(line, ground, {
    plan: scenarioPlan(scenario, where, settings),
    warmUp: (seconds) => warmUpPlan(scenario, where, settings, seconds),
    missed: ({ volley }) => {
      const { due, scheduled } = volley.requests
      return missedThresholds(scenario.thresholds, volley, (scale * due) / scheduled)
    },
    beside:
      slow === 0
        ? undefined
        : slowClientsBeside(scenarioSchedule(scenario, slow), address, poll, () => performance.now()),
  })
}

/** Throws `UsageError` for a poll without the options that the scenario votes for. */
const groundOf = async (
  line: CommandLine,
  scenario: Scenario,
  check?: (url: string) => void,
): Promise<Ground> => {
  const aroundMs = (warmUpSecondsOf(line) + line.number('wait', 1, 3_600)) * 1_000
  const ground = await findGround(line, undefined, lengthMs(scenario) + aroundMs, check)
  const missing = optionsOf(scenario).filter((id) => !ground.options.some(({ option }) => option === id))
  if (missing.length === 0) return ground
  throw new UsageError(`The poll ${ground.poll} lacks ${missing.join(', ')}, which the scenario votes for.`)
}
