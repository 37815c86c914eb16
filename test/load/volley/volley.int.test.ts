import { afterEach, expect, onTestFinished, test } from 'vitest'
import { votesIn } from '../../../load/tally.ts'
import { parseWeights } from '../../../load/volley/mix.ts'
import { volleyThreads } from '../../../load/volley/play.ts'
import { startVolley, steadyPlan, type VolleySpec } from '../../../load/volley/volley.ts'
import { type FakePlacar, fakePlacar } from '../fake-placar.ts'

let placar: FakePlacar | undefined
afterEach(async () => {
  await placar?.close()
  placar = undefined
})

const spec = (address: VolleySpec['address'], changes: Partial<VolleySpec> = {}): VolleySpec => ({
  address,
  mix: {
    poll: 'final',
    options: parseWeights('ana=3,bia=1'),
    unknownOptionShare: 0.1,
    unknownPollShare: 0.1,
    batch: 1,
  },
  rate: 2_000,
  seconds: 0.2,
  connections: 8,
  pipeline: 1,
  threads: 2,
  seed: 3,
  drainMs: 10_000,
  ...changes,
})

test('two threads send every scheduled vote once, and their outcomes are added up', async () => {
  placar = await fakePlacar(['ana', 'bia'], (n) =>
    n % 100 === 7 ? 'cut off' : n % 10 === 0 ? 'throttled' : 'counted',
  )
  const volley = startVolley(spec(placar.address))
  const result = await volley.result
  expect(placar.requests).toHaveLength(400)
  expect(result.requests).toMatchObject({
    scheduled: 400,
    sent: 400,
    statuses: { 202: 356, 429: 40 },
    unknown: 4,
  })
  expect(result.acceptedVotes).toBe(356)
  expect(result.unknownVotes).toBe(4)
  expect(votesIn(result.accepted)).toBe(356)
  expect(result.latency.count).toBe(356)
  expect(volley.progress()).toMatchObject({
    sent: 400,
    answered: 396,
    accepted: 356,
    throttled: 40,
    unknown: 4,
  })
})

test('batches count by the votes in them', async () => {
  placar = await fakePlacar(['ana', 'bia'])
  const result = await startVolley(
    spec(placar.address, {
      mix: { ...spec(placar.address).mix, batch: 50, unknownPollShare: 0 },
      threads: 1,
    }),
  ).result
  expect(placar.requests).toHaveLength(8)
  expect(result.requests).toMatchObject({ scheduled: 8, sent: 8, statuses: { 202: 8 } })
  expect(result.acceptedVotes).toBe(400)
})

test('stopped, it says how many of the scheduled votes were sent', async () => {
  placar = await fakePlacar(['ana', 'bia'])
  const volley = startVolley(spec(placar.address, { seconds: 3_600, rate: 100 }))
  await expect.poll(() => volley.progress().answered, { timeout: 20_000 }).toBeGreaterThan(3)
  volley.stop()
  const { requests, acceptedVotes } = await volley.result
  expect(requests.scheduled).toBe(360_000)
  expect(requests.due).toBeGreaterThanOrEqual(requests.sent)
  expect(requests.due).toBeLessThan(360_000)
  expect(acceptedVotes).toBe(requests.sent)
  expect(placar.requests).toHaveLength(requests.sent)
})

test('volleys one after the other are played on the same threads, each with its own outcome', async () => {
  placar = await fakePlacar(['ana', 'bia'])
  let begun = 0
  const count = (): void => {
    begun += 1
  }
  process.on('worker', count)
  onTestFinished(() => void process.off('worker', count))
  const threads = volleyThreads()
  const first = threads.play(steadyPlan(spec(placar.address)))
  expect((await first.result).requests).toMatchObject({ sent: 400, statuses: { 202: 400 } })
  const second = threads.play(steadyPlan(spec(placar.address, { seconds: 0.1 })))
  expect((await second.result).requests).toMatchObject({ sent: 200, statuses: { 202: 200 } })
  expect(second.progress()).toMatchObject({ sent: 200, answered: 200 })
  expect((await second.result).latency.count).toBe(200)
  await threads.end()
  expect(begun).toBe(2)
})

test('it rejects, and ends its threads, when nothing listens', async () => {
  const gone = await fakePlacar(['ana'])
  await gone.close()
  await expect(startVolley(spec(gone.address)).result).rejects.toThrow(/ECONNREFUSED/)
})

test('fewer connections than threads are refused', () => {
  const address = { host: '127.0.0.1', port: 1, basePath: '' }
  expect(() => startVolley(spec(address, { connections: 1, threads: 2 }))).toThrow(RangeError)
})
