import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readRecord } from '../../../ingest/envelope.ts'
import { missedThresholds } from '../../../load/playing/ensure.ts'
import { scenarioPlan, scenarioSchedule } from '../../../load/playing/plan.ts'
import { parseScenario } from '../../../load/playing/scenario.ts'
import { slowClientsBeside } from '../../../load/playing/slow-clients.ts'
import { runVolley } from '../../../load/run.ts'
import { addTally, emptyTally, type Tally } from '../../../load/tally.ts'
import { openGateway } from '../../infra/local/gateway/open-gateway.ts'
import { counted } from '../counted.ts'

const file = join(import.meta.dirname, '../../../load/scenarios/hostile.yml')

test('hostile by volley: each mistake is refused, slow clients are cut off, every good vote is in the stream', async () => {
  const { port, records } = await openGateway({
    // Longer than the votes take to be counted: the run must wait for its slow clients.
    requestTimeoutMs: 1_500,
    checkEveryMs: 20,
    origin: async () => ({ statusCode: 404, headers: {}, body: '{}' }),
  })
  const scenario = parseScenario(await readFile(file, 'utf8'), 'hostile.yml')
  const short = { ...scenario, phases: [{ name: 'the attack', seconds: 0.5, from: 400, to: 400 }] }
  const address = { host: '127.0.0.1', port, basePath: '' }
  const settings = { connections: 8, pipeline: 1, threads: 1, seed: 1, drainMs: 20_000 }

  const untimed = scenario.thresholds.filter(({ metric }) => !metric.startsWith('http.response_time'))

  /** The stream stands for the count. */
  const count = async () => {
    const poll = emptyTally()
    let elsewhere = 0
    for (const { partitionKey, data } of await records()) {
      const body = readRecord(partitionKey, data)
      if (body.kind !== 'votes' || body.poll !== 'final') elsewhere += 1
      else for (const { option } of body.votes) addTally(poll, tallyOf(option))
    }
    return counted(poll, elsewhere)
  }
  const { failures, volley, totals } = await runVolley(
    scenarioPlan(short, { poll: 'final', address, scale: 1 }, settings),
    ({ volley }) => missedThresholds(untimed, volley, 1),
    { reader: { count, otherVotes: async () => 0 }, now: Date.now, sleep: (ms) => sleep(ms) },
    { catchUpMs: 10_000, settleMs: 100 },
    { started: () => {}, ended: () => {}, sent: () => {} },
    { beside: slowClientsBeside(scenarioSchedule(short, 0.02), address, 'final', () => performance.now()) },
  )
  expect(failures).toEqual([])
  expect(totals.difference).toBe(0)
  expect(totals.accepted).toBeGreaterThan(0)
  expect(totals.sent).toBe(totals.accepted + totals.failed)
  const slow = volley.answers.filter(({ name }) => name === 'slow client')
  expect(slow).toEqual([{ name: 'slow client', result: '408', count: expect.any(Number) }])
  for (const status of [400, 404, 413, 415]) expect(volley.requests.statuses[status]).toBeGreaterThan(0)
})

const tallyOf = (option: string): Tally =>
  /^(ana|bia)$/.test(option)
    ? { options: { [option]: 1 }, rejected: {} }
    : { options: {}, rejected: { unknown_option: 1 } }
