import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tableClock } from '../../ingest/table-clock.store.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'], now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A table whose clock shows `epoch` when the machine's steady clock shows 0, and a client of it. */
const aTable = (epoch: number) => {
  const table = { clock: (): number => epoch + performance.now() }
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: 200,
          headers: {
            date: new Date(table.clock()).toUTCString(),
            'content-type': 'application/x-amz-json-1.0',
          },
          body: Buffer.from('{"TableNames":[]}'),
        },
      }),
    },
  })
  const ask = () => client.send(new ListTablesCommand({}))
  return { table, ask, clock: tableClock(client) }
}

it('a clock that has had no answer says so', () => {
  const { clock } = aTable(1_790_000_000_900)
  expect(() => clock.now()).toThrow('without a Date')
})

it('after one answer it is at most a second early, and never late', async () => {
  const { ask, clock } = aTable(1_790_000_000_900)
  await ask()
  expect(clock.date()).toBe(1_790_000_000_000)
  expect(clock.now()).toBe(1_790_000_000_000)
})

it('more answers bring it nearer, and time goes on between them', async () => {
  const { ask, clock, table } = aTable(1_790_000_000_900)
  for (let answers = 0; answers < 20; answers += 1) {
    vi.advanceTimersByTime(70)
    await ask()
    expect(clock.now()).toBeLessThanOrEqual(table.clock())
  }
  vi.advanceTimersByTime(1234)
  expect(table.clock() - clock.now()).toBeLessThan(70)
})

it('a table whose clock is set back is followed, to within a second', async () => {
  const { ask, clock, table } = aTable(1_790_000_000_900)
  await ask()
  table.clock = () => 1_789_999_990_000 + performance.now()
  vi.advanceTimersByTime(100)
  await ask()
  expect(clock.now()).toBeLessThanOrEqual(table.clock() + 1000)
})
