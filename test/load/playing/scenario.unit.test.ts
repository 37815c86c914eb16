import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { requestsPerArrival, slowClientsPerArrival } from '../../../load/playing/kinds.ts'
import { scenarioPlan, warmUpPlan } from '../../../load/playing/plan.ts'
import { firstSentence, parseScenario } from '../../../load/playing/scenario.ts'

const folder = join(import.meta.dirname, '../../../load/scenarios')
const address = { host: '127.0.0.1', port: 1, basePath: '' }
const settings = { connections: 1, pipeline: 1, threads: 1, seed: 1, drainMs: 1 }

const yaml = (flow: string, config = ''): string => `# Models a vote of 1.5 million. It proves
# nothing.

# Not part of it.
config:
  phases: [{ duration: 10, arrivalRate: 10 }, { pause: 5s }, { duration: '1m', arrivalRate: 10, rampTo: 20 }]
${config}
scenarios:
  - weight: 3
    flow: ${flow}
  - weight: 1
    flow: [{ get: { url: '/polls/{{ poll }}/scoreboard' } }]
`
const vote = "[{ post: { name: 'option ana', url: '/polls/{{ poll }}/votes', json: { option: ana } } }]"

test('the opening comment ends at the first empty line, its first sentence at a full stop before a space', () => {
  const { about } = parseScenario(yaml(vote), 'a.yml')
  expect(about).toBe('Models a vote of 1.5 million. It proves\nnothing.')
  expect(firstSentence(about)).toBe('Models a vote of 1.5 million.')
})

test('phases are held rates, ramps and pauses, in seconds with or without a unit', () => {
  expect(parseScenario(yaml(vote), 'a.yml').phases).toEqual([
    { name: 'phase', seconds: 10, from: 10, to: 10 },
    { name: 'phase', seconds: 5, from: 0, to: 0 },
    { name: 'phase', seconds: 60, from: 10, to: 20 },
  ])
})

test('a flow of several requests makes as many requests an arrival, in their mix', () => {
  const two = `[{ loop: [${vote.slice(1, -1)}, { think: 1 }], count: 2 }]`
  const scenario = parseScenario(yaml(two), 'a.yml')
  expect(requestsPerArrival(scenario)).toBe((3 * 2 + 1) / 4)
  const { schedule, kinds } = scenarioPlan(scenario, { poll: 'final', address, scale: 0.1 }, settings)
  // 100 + 900 arrivals, a tenth of them, 1.75 requests each.
  expect(schedule.size).toBe(175)
  expect(kinds.map(({ name, weight }) => [name, weight])).toEqual([
    ['option ana', 6],
    ['/polls/{{ poll }}/scoreboard', 1],
  ])
})

describe('a warm-up', () => {
  const where = { poll: 'final', address, scale: 0.5 }
  test('is the good votes alone, at the rate at which the first phase has them', () => {
    const wrong = "[{ post: { name: 'rejected unknown_option', url: /x, json: { option: x } } }]"
    const all = `${vote}\n  - weight: 4\n    flow: ${wrong}`
    const { kinds, schedule } = warmUpPlan(parseScenario(yaml(all), 'a.yml'), where, settings, 8)
    expect(kinds.map(({ name }) => name)).toEqual(['option ana'])
    // Half of 10 arrivals a second, of which 3 in 8 are good votes.
    expect(schedule).toMatchObject({ size: 15, lengthMs: 8_000 })
  })
  test('takes of a flow each good vote, and of a ramp the mean', () => {
    const twice = `[{ loop: [${vote.slice(1, -1)}], count: 2 }]`
    const scenario = parseScenario(yaml(twice), 'a.yml')
    const ramp = [
      { name: 'pause', seconds: 5, from: 0, to: 0 },
      { name: 'ramp', seconds: 60, from: 10, to: 30 },
    ]
    // Half of 20 arrivals a second, of which 3 in 4 vote twice.
    expect(warmUpPlan({ ...scenario, phases: ramp }, where, settings, 4).schedule.size).toBe(60)
  })
  test('needs good votes', () => {
    const scenario = parseScenario(yaml('[{ get: { url: /x } }]'), 'a.yml')
    expect(() => warmUpPlan(scenario, where, settings, 4)).toThrow(/no good votes/)
  })
})

test('the pieces of Artillery that volley leaves out are named, each once', () => {
  const flow = `[{ think: 1 }, { think: 2 }, { post: { url: /x, expect: [{ statusCode: 202 }, { hasProperty: a }] } }]`
  const ensure = '  ensure: { conditions: [{ expression: vusers.skipped == 0 or 1 }] }'
  expect(parseScenario(yaml(flow, ensure), 'a.yml').leftOut).toEqual([
    'think (each request has a moment of its own)',
    'expect.hasProperty (only statusCode is judged)',
    'the condition vusers.skipped == 0 or 1',
  ])
})

test('that random values are few, and slow clients not without end, is said', () => {
  const random = "[{ post: { url: /x, json: { voteId: '{{ $uuid }}' } } }]"
  expect(parseScenario(yaml(random), 'a.yml').leftOut).toEqual([
    'random values beyond 64 variants of a request',
  ])
  const slow = parseScenario(yaml('[{ function: slowVote }]', '  processor: ./slow-client.mjs'), 'a.yml')
  expect(slow.leftOut).toEqual(['slow clients beyond 500 at once'])
  expect(parseScenario(yaml(vote), 'a.yml').leftOut).toEqual([])
})

describe('what volley cannot play is refused, and its place named', () => {
  test.each([
    ['[{ delete: { url: /x } }]', '', 'a.yml: scenarios[0].flow.delete is not played by volley'],
    ["[{ get: { url: 'http://x/' } }]", '', 'scenarios[0].flow.get.url must begin with /'],
    ['[{ get: { url: /x, beforeRequest: sign } }]', '', 'scenarios[0].flow.get.beforeRequest is not played'],
    ['[{ get: { url: /x, capture: { json: $.a, as: a } } }]', '', 'capture may only be of the header etag'],
    ['[{ function: slowVote }]', '', 'scenarios[0].flow.function is not played'],
    ['[{ loop: [], whileTrue: more }]', '', 'flow.whileTrue is not played'],
    [vote, '  placar: { maxP98Ms: 5 }', 'config.placar.maxP98Ms is not played'],
    [vote, '  payload: { path: voters.csv }', 'config.payload is not played'],
    [vote, '  variables: { poll: [a, b] }', 'config.variables.poll must be a text or a number'],
  ])('%s %s', (flow, config, problem) => {
    expect(() => parseScenario(yaml(flow, config), 'a.yml')).toThrow(problem)
  })
  test('text that is not YAML', () => {
    expect(() => parseScenario('a: [', 'a.yml')).toThrow(/^a\.yml is not YAML: /)
  })
})

describe('each scenario of the project', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml'))
  const plans = Object.fromEntries(
    files.map((file) => {
      const scenario = parseScenario(readFileSync(join(folder, file), 'utf8'), file)
      return [
        file.replace('.yml', ''),
        { scenario, plan: scenarioPlan(scenario, { poll: 'p', address, scale: 1 }, settings) },
      ]
    }),
  )
  test('is played by volley, with its threshold', () => {
    expect(Object.keys(plans).toSorted()).toEqual([
      'finale',
      'hostile',
      'paredao',
      'punch-clock',
      'simple',
      'smoke',
      'watchers',
    ])
    for (const { scenario } of Object.values(plans))
      expect(scenario.thresholds.map(({ metric }) => metric)).toContain('http.response_time.p99')
  })
  test('has the requests that it claims', () => {
    expect(plans.paredao?.plan.schedule).toMatchObject({ size: 1_200_000, lengthMs: 60_000 })
    expect(plans.simple?.plan.schedule).toMatchObject({ size: 50_000, lengthMs: 10_000 })
    expect(plans['punch-clock']?.plan.schedule.size).toBe(100_000)
  })
  test('paredao is held to its rate and to a result within 2 s, and sends several votes at once over a connection', () => {
    expect(plans.paredao?.scenario.aims).toEqual({
      minAcceptedRate: 0.99,
      minRateHeld: 0.5,
      maxFinalMs: 2_000,
      connections: 64,
      pipeline: 8,
      warmUpSeconds: 10,
    })
    expect(plans.simple?.scenario.aims).toEqual({})
  })
  test('can be warmed up for, with votes that are accepted and counted', () => {
    for (const { scenario } of Object.values(plans)) {
      const { kinds } = warmUpPlan(scenario, { poll: 'p', address, scale: 1 }, settings, 1)
      for (const { expected, tally } of kinds) {
        expect(expected).toEqual([202])
        expect(tally.rejected).toEqual({})
      }
    }
  })
  test('hostile has slow clients, watchers reads with an ETag', () => {
    const { hostile, watchers } = plans
    expect(hostile && slowClientsPerArrival(hostile.scenario)).toBeCloseTo(0.01)
    expect(
      watchers?.plan.kinds.filter(({ conditional }) => conditional).map(({ expected }) => expected),
    ).toContainEqual([200, 304])
  })
})
