import { afterEach, beforeEach, expect, it, onTestFinished, test, vi } from 'vitest'
import { planCommand } from '../../../../infra/cli/shards/plan.ts'
import { setCommand } from '../../../../infra/cli/shards/set.ts'
import { showCommand } from '../../../../infra/cli/shards/show.ts'
import { pipeline } from '../../../../infra/config.ts'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openTestEndpoint, post } from '../../local/aws/open-endpoint.ts'
import { temporaryFolder } from '../../local/temporary-folder.ts'

const commands = { plan: planCommand, set: setCommand }
const printed: string[] = []

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', undefined)
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  printed.length = 0
})

/** Placar's stream of 9 shards, or on demand, on an embedded endpoint; it is made in no time, or is CREATING for so long. */
const aStream = async (StreamMode: 'PROVISIONED' | 'ON_DEMAND', changeMs = 0): Promise<string> => {
  const folder = await temporaryFolder()
  const engine = await openKinesis({ folder, limits: false, now: Date.now, changeMs })
  onTestFinished(() => engine.close())
  const { url } = await openTestEndpoint([kinesisService({ engine, now: Date.now, log: () => {} })])
  const shards = StreamMode === 'PROVISIONED' ? { ShardCount: 9 } : {}
  const wanted = { StreamName: pipeline.streamName, StreamModeDetails: { StreamMode }, ...shards }
  await post(url, 'Kinesis_20131202.CreateStream', JSON.stringify(wanted))
  return url
}

const rate = ['--votes-per-second', '20000']

it('plans from the shards of the instance that is named', async () => {
  const url = await aStream('PROVISIONED')
  await planCommand.run([...rate, '--json', '--endpoint-url', url])
  expect(JSON.parse(printed.join('\n'))).toMatchObject({
    request: { present: { shards: 9, source: 'instance' } },
    scaling: {
      steps: [
        { from: 9, to: 18 },
        { from: 18, to: 25 },
      ],
    },
  })
})

it('plans from the default of 4 where none runs, and says so', async () => {
  vi.spyOn(process, 'cwd').mockReturnValue(await temporaryFolder())
  await planCommand.run(rate)
  expect(printed.join('\n')).toContain('Steps from 4 shards (the default, since no instance was found')
})

it('has nothing to plan from while the stream is being made, nor to show, and says so in a line', async () => {
  const named = ['--endpoint-url', await aStream('PROVISIONED', 600_000)]
  const refusal = {
    name: 'LoadError',
    message: expect.stringMatching(/^placar-votes is CREATING, .* ACTIVE\.$/),
  }
  await expect(planCommand.run([...rate, ...named])).rejects.toMatchObject(refusal)
  await expect(showCommand.run(named)).rejects.toMatchObject(refusal)
  expect(printed).toEqual([])
})

it('leaves a stream on demand to AWS', async () => {
  const url = await aStream('ON_DEMAND')
  await expect(setCommand.run(['2', '--endpoint-url', url])).rejects.toMatchObject({
    name: 'LoadError',
    message: expect.stringMatching(/^placar-votes is on demand: AWS scales it by itself\..*$/),
  })
  await planCommand.run([...rate, '--endpoint-url', url])
  expect(printed.join('\n')).toContain('none: the stream is on demand, and AWS scales it by itself.')
})

test.each(['plan', 'set'] as const)('%s has a help of its own', async (name) => {
  expect(await commands[name].run(['--help'])).toBe(true)
  expect(printed.join('\n')).toMatch(/--endpoint-url URL/)
})

const nobody = ['--endpoint-url', 'http://127.0.0.1:1']

test.each<['plan' | 'set', string[], RegExp]>([
  ['set', [], /^How many shards\?/],
  ['set', ['0'], /^set takes a whole number of shards from 1 to 10000, not "0"/],
  ['set', ['4', '5'], /^5 is not expected here/],
  ['set', ['4', ...nobody], /^Nothing answers at http:\/\/127.0.0.1:1\. /],
  ['plan', [], /^--votes-per-second is needed/],
  ['plan', ['--votes-per-second', '0'], /^--votes-per-second must be a whole number from 1/],
  ['plan', [...rate, '--headroom', '0.5'], /^--headroom must be a number from 1 to 10/],
  ['plan', [...rate, '--from', '0'], /^--from must be a whole number from 1/],
  ['plan', [...rate, '--from', '4', '--record-bytes', '9000', '--batch', '500'], /--batch 117 or less\.$/],
  ['plan', [...rate, ...nobody], /^Nothing answers at http:\/\/127.0.0.1:1\. /],
])('%s %j is refused in one line', async (name, args, line) => {
  await expect(commands[name].run(args)).rejects.toThrow(line)
  expect(printed).toEqual([])
})
