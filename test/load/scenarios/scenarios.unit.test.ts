import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { scaledPhases } from '../../../infra/cli/load/artillery-phases.ts'
import { artilleryOutcome } from '../../../load/artillery-report.ts'

type Request = { name: string; url: string; expect: Record<string, unknown>[]; followRedirect?: boolean }
type Step = { post?: Request; get?: Request; loop?: Step[]; think?: number; function?: string }
type Phase = { name: string; duration: number; arrivalRate: number; rampTo?: number }
type Scenario = {
  config: {
    phases: Phase[]
    variables: { poll: string }
    plugins: {
      ensure: { thresholds: Record<string, number>[]; conditions: { expression: string }[] }
      'metrics-by-endpoint': { useOnlyRequestNames: boolean; metricsNamespace: string }
    }
  }
  scenarios: { name: string; weight: number; flow: Step[] }[]
}

const folder = join(import.meta.dirname, '../../../load/scenarios')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.yml'))
  .map((file) => file.replace(/\.yml$/, ''))

const textOf = (name: string): string => readFileSync(join(folder, `${name}.yml`), 'utf8')
const scenarioOf = (name: string): Scenario => parse(textOf(name)) as Scenario

/** The comment that opens the file, as one line. */
const openingOf = (name: string): string =>
  (textOf(name).split('\n\n')[0] ?? '').replaceAll(/^# /gm, '').replaceAll('\n', ' ')

const requestsOf = (steps: Step[]): Request[] =>
  steps.flatMap(({ post, get, loop = [] }) => [
    ...[post, get].filter((each) => each !== undefined),
    ...requestsOf(loop),
  ])

const arrivals = ({ config }: Scenario): number =>
  config.phases.reduce(
    (sum, { duration, arrivalRate, rampTo = arrivalRate }) => sum + (duration * (arrivalRate + rampTo)) / 2,
    0,
  )

test('the scenarios are those of the issue', () => {
  expect(names.toSorted()).toEqual(
    ['finale', 'hostile', 'paredao', 'punch-clock', 'simple', 'smoke', 'watchers'].toSorted(),
  )
})

test.each([
  ['simple', 10, 50_000],
  ['paredao', 60, 1_200_000],
  ['punch-clock', 15, 100_000],
])('%s takes %i s for %i requests', (name, seconds, requests) => {
  const scenario = scenarioOf(name)
  expect(scenario.config.phases.reduce((sum, { duration }) => sum + duration, 0)).toBe(seconds)
  expect(arrivals(scenario)).toBe(requests)
  expect(scenario.scenarios.every(({ flow }) => flow.length === 1)).toBe(true)
})

test('the call to vote in finale is a step to 50 times the teaser', () => {
  const { phases } = scenarioOf('finale').config
  const call = phases.findIndex(({ name }) => name === 'call to vote')
  expect(phases[call]?.arrivalRate).toBe(50 * (phases[call - 1]?.rampTo ?? 0))
})

test.each(names)('%s opens with what it models, what it should prove and how to run it', (name) => {
  const sentences = openingOf(name).split(/(?<=\.) (?=[A-Z])/)
  expect(sentences).toEqual([
    expect.stringMatching(/^Models .+\.$/),
    expect.stringMatching(/^It should prove that .+\.$/),
    expect.stringMatching(/^Run it .+\.$/),
  ])
  expect(sentences[2]).toContain(`\`npm run load -- ${name}\``)
  expect(sentences[2]).toMatch(
    new RegExp(`\`npm run load -- ${name} --generator artillery --scale [0-9.]+\``),
  )
})

test.each(names)('%s has thresholds, and names for its phases and flows', (name) => {
  const { config, scenarios } = scenarioOf(name)
  expect(config.plugins.ensure.thresholds).toEqual([{ 'http.response_time.p99': expect.any(Number) }])
  expect(config.plugins.ensure.conditions).toContainEqual({ expression: 'vusers.failed == 0' })
  for (const { name: phase, duration, arrivalRate } of config.phases) {
    expect(phase).toMatch(/\w/)
    expect(duration).toEqual(expect.any(Number))
    expect(arrivalRate).toEqual(expect.any(Number))
  }
  for (const flow of scenarios)
    expect(flow).toMatchObject({ name: expect.any(String), weight: expect.any(Number) })
})

test.each(names)('in %s, the name of each request that expects a 202 says what it counts', (name) => {
  const { config, scenarios } = scenarioOf(name)
  expect(config.plugins['metrics-by-endpoint']).toEqual({
    useOnlyRequestNames: true,
    metricsNamespace: 'votes',
  })
  const requests = scenarios.flatMap(({ flow }) => requestsOf(flow))
  expect(requests.length).toBeGreaterThan(0)
  for (const request of requests) {
    const statuses = request.expect.flatMap(({ statusCode = [] }) => statusCode as number | number[])
    expect(statuses, request.name).not.toEqual([])
    const answered = { 'http.codes.202': 1, [`votes.${request.name}.codes.202`]: 1 }
    const read = () => artilleryOutcome({ aggregate: { counters: answered } })
    if (statuses.includes(202)) expect(read().votes.sent).toBeGreaterThan(0)
    else expect(read).toThrow(request.name)
    // Artillery would wait for ever for what a 304 leads to.
    if (statuses.includes(304)) expect(request.followRedirect).toBe(false)
  }
})

test.each(names)('a tenth of %s has rates that Artillery takes: whole, or of a ramp', (name) => {
  for (const phase of scaledPhases(scenarioOf(name).config.phases, 0.1))
    if ('arrivalRate' in phase)
      expect(phase.rampTo !== undefined || Number.isInteger(phase.arrivalRate)).toBe(true)
})
