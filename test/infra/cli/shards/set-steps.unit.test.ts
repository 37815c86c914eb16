import { expect, it } from 'vitest'
import { explainRefusal } from '../../../../infra/cli/shards/set-refusal.ts'
import { type SettingShards, takeSteps, untilActive } from '../../../../infra/cli/shards/set-steps.ts'

/** A stream whose every change takes three looks, and a clock that a pause moves by 600 ms. */
const aSetting = (onPause: (stop: AbortController, pauses: number) => void = () => {}) => {
  const stop = new AbortController()
  const said: string[] = []
  let [shards, target, looks, pauses] = [4, 4, 0, 0]
  const setting: SettingShards = {
    stream: {
      describe: async () => {
        if (looks > 0) looks -= 1
        if (looks === 0) shards = target
        return { shards, status: looks > 0 ? 'UPDATING' : 'ACTIVE', onDemand: false }
      },
      scaleTo: async (to) => {
        if (looks > 0) throw new Error('not ACTIVE')
        target = to
        looks = 4
      },
    },
    stopping: stop.signal,
    pause: async () => {
      pauses += 1
      onPause(stop, pauses)
    },
    now: () => pauses * 600,
    say: (line) => said.push(line),
  }
  return { setting, said }
}

const before = { shards: 4, status: 'ACTIVE', onDemand: false }

it('each step waits until the one before is done, and says how far it is', async () => {
  const { setting, said } = aSetting()
  expect(await takeSteps(setting, before, [8, 9])).toEqual({ ...before, shards: 9 })
  expect(said).toEqual([
    '4 → 8',
    '4 → 8: UPDATING, 4 open shards, 1 s',
    '8 → 9',
    '8 → 9: UPDATING, 8 open shards, 1 s',
  ])
})

it('when stopped during a step, it tells what it saw of it and takes no other', async () => {
  const { setting, said } = aSetting((stop) => stop.abort())
  expect(await takeSteps(setting, before, [8, 16])).toEqual({ ...before, status: 'UPDATING' })
  expect(said).toEqual(['4 → 8'])
})

it('a summary from before the step is not taken for its end', async () => {
  const { setting } = aSetting()
  let stale = 2
  const describe = async () => {
    if (stale === 0) return setting.stream.describe()
    stale -= 1
    return before
  }
  const seen = await takeSteps({ ...setting, stream: { ...setting.stream, describe } }, before, [8, 16])
  expect(seen).toEqual({ ...before, shards: 16 })
})

it('a count that somebody else made is believed after a minute, and no step is taken from it', async () => {
  const { setting, said } = aSetting()
  const others = { ...before, shards: 5 }
  const stream = { ...setting.stream, describe: async () => others }
  expect(await takeSteps({ ...setting, stream }, before, [8, 16])).toEqual(others)
  expect(setting.now()).toBe(60_000)
  expect(said.at(-1)).toMatch(/^4 → 8: ACTIVE, 5 open shards, /)
})

it('a change that somebody else began is waited for', async () => {
  const { setting } = aSetting()
  await setting.stream.scaleTo(5)
  expect(await untilActive(setting, 'another change')).toEqual({ ...before, shards: 5 })
})

it('a stream that never becomes ACTIVE is given up after an hour', async () => {
  const { setting } = aSetting()
  const never = { ...before, status: 'UPDATING' }
  const stream = { ...setting.stream, describe: async () => never }
  expect(await untilActive({ ...setting, stream }, 'a change')).toEqual(never)
  expect(setting.now()).toBe(3_600_000)
})

it.each([
  [
    'ResourceInUseException',
    'not ACTIVE',
    'Somebody else is changing votes; run this again once that is done.',
  ],
  [
    'LimitExceededException',
    'too often',
    'votes cannot take this step now: a stream takes 10 in any 24 hours',
  ],
  [
    'LimitExceededException',
    'This request would exceed the shard limit for the account 1 in eu-west-1.',
    'The account has no shards left in this Region',
  ],
  ['ResourceNotFoundException', 'votes not found', 'There is no stream votes here.'],
])('%s (%s) is told in a line', (name, message, line) => {
  const instance = {
    awsEndpoint: undefined,
    dataFolder: undefined,
    url: undefined,
    client: {},
    tableName: 'counts',
    streamName: 'votes',
    archiveBucket: undefined,
  }
  const told = explainRefusal(Object.assign(new Error(message), { name }), instance) as Error
  expect(told.name).toBe('InstanceError')
  expect(told.message).toContain(line)
  expect(told.message).toContain(`AWS says: ${message}`)
})
