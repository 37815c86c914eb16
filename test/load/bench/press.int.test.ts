import { afterEach, expect, test } from 'vitest'
import { autocannon, findPress, type Press } from '../../../load/bench/press.ts'
import { type FakePlacar, type Fate, fakePlacar } from '../fake-placar.ts'

let placar: FakePlacar | undefined
afterEach(async () => {
  await placar?.close()
  placar = undefined
})

const press = async (client: Press, fateOf?: (n: number) => Fate) => {
  placar = await fakePlacar(['ana'], fateOf)
  return await client.run(`${placar.url}/polls/final/votes`, '{"option":"ana"}', 4, 1)
}

// autocannon, and wrk as well where it is on the PATH.
const clients = [...new Set([autocannon, findPress()])].map((client) => [client.name, client] as const)

test.each(clients)(
  '%s posts the vote as it is, and knows all but those under way in the end',
  async (_, client) => {
    const { answered, unknown, perSecond } = await press(client)
    const requests = placar?.requests ?? []
    expect(new Set(requests)).toEqual(new Set(['/polls/final/votes {"option":"ana"}']))
    expect(answered).toBeGreaterThan(0)
    expect(perSecond).toBeGreaterThan(0)
    expect(requests.length).toBeGreaterThanOrEqual(answered)
    expect(requests.length).toBeLessThanOrEqual(answered + unknown)
  },
)

test.each(clients)('%s fails when a single answer is a refusal', async (_, client) => {
  const pressing = press(client, (n) => (n === 20 ? 'throttled' : 'counted'))
  await expect(pressing).rejects.toThrow(/refused 1 votes and broke off 0/)
})
