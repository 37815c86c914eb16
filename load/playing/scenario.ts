import { parse } from 'yaml'
import { LoadError } from '../load-error.ts'
import type { Stretch } from '../volley/schedule.ts'
import { type Aims, parseAims } from './aims.ts'
import { parseThresholds, type Threshold } from './ensure.ts'
import { type Flow, parseFlow } from './flow.ts'
import { mapping, type Place, place, refuseOthers } from './mapping.ts'
import { parsePhase } from './phase.ts'

/**
 * A scenario of load/scenarios, an Artillery file, as volley plays it: an arrival is one flow, drawn by weight, and each of
 * its requests then has a moment of its own. So both generators send the same requests at the same rate, but volley
 * does not make one request of a flow wait for the one before.
 */
export type Scenario = {
  /** The opening comment: what it models, what it should prove, how to run it. */
  about: string
  /** The rates are arrivals per second. */
  phases: (Stretch & { name: string })[]
  flows: Flow[]
  thresholds: Threshold[]
  aims: Aims
  /** Values of `{{ name }}`; the run sets `poll`. */
  variables: Record<string, string>
  /** What Artillery does with the file and volley does not, a few words each. */
  leftOut: string[]
}

/** The opening comment of a scenario, up to its first empty line; empty without one. */
export const aboutOf = (yaml: string): string => {
  const lines = yaml.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('#'))
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^# ?/, ''))
    .join('\n')
    .trim()
}

/** The first sentence of an opening comment, in one line. */
export const firstSentence = (about: string): string =>
  /^.*?\.(?=\s|$)/s.exec(about)?.[0].replaceAll('\n', ' ') ?? about.replaceAll('\n', ' ')

/**
 * @param name of the file, for errors
 * @throws LoadError naming the place of what volley cannot play
 */
export const parseScenario = (yaml: string, name: string): Scenario => {
  const at = place(name)
  const file = mapping(readYaml(yaml, name), at)
  refuseOthers(file, ['config', 'scenarios'], at)
  const config = mapping(file.config, at.in('config'))
  refuseOthers(config, knownConfig, at.in('config'))
  const leftOut = new Set<string>()
  const plugins = mapping(config.plugins ?? {}, at.in('config.plugins'))
  for (const plugin of Object.keys(plugins))
    if (!knownPlugins.includes(plugin)) leftOut.add(`the plugin ${plugin}`)
  if (config.http !== undefined) leftOut.add('config.http (--connections and --wait instead)')
  const say = (what: string): void => {
    leftOut.add(what)
  }
  const defaults = mapping(config.defaults ?? {}, at.in('config.defaults'))
  refuseOthers(defaults, ['headers'], at.in('config.defaults'))
  return {
    about: aboutOf(yaml),
    phases: list(config.phases, at.in('config.phases')).map((phase, n) =>
      parsePhase(phase, at.in(`config.phases[${n}]`), say),
    ),
    flows: list(file.scenarios, at.in('scenarios')).map((flow, n) =>
      parseFlow(flow, defaults.headers, config.processor, at.in(`scenarios[${n}]`), say),
    ),
    thresholds: parseThresholds(config.ensure ?? plugins.ensure, at.in('config.ensure'), say),
    aims: parseAims(config.placar, at.in('config.placar')),
    variables: variablesOf(config.variables, at.in('config.variables')),
    leftOut: [...leftOut],
  }
}

const knownConfig = [
  'target',
  'variables',
  'processor',
  'http',
  'phases',
  'plugins',
  'ensure',
  'defaults',
  'placar',
]
const knownPlugins = ['metrics-by-endpoint', 'expect', 'ensure']

const readYaml = (yaml: string, name: string): unknown => {
  try {
    return parse(yaml)
  } catch (cause) {
    throw new LoadError(`${name} is not YAML: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
}

const list = (value: unknown, at: Place): unknown[] => {
  if (Array.isArray(value) && value.length > 0) return value
  throw at.error('must be a list of one or more')
}

const variablesOf = (value: unknown, at: Place): Record<string, string> =>
  Object.fromEntries(
    Object.entries(mapping(value ?? {}, at)).map(([name, text]) => {
      if (typeof text === 'string' || typeof text === 'number') return [name, String(text)]
      throw at.in(name).error('must be a text or a number for volley')
    }),
  )
