import { expect, onTestFinished, test } from 'vitest'
import { pipeline } from '../../../../infra/config.ts'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openTestEndpoint, post } from '../../local/aws/open-endpoint.ts'
import { temporaryFolder } from '../../local/temporary-folder.ts'
import { until } from '../../local/until.ts'
import { heard, shards } from './run-shards.ts'

const StreamName = pipeline.streamName

/** Placar's stream on an embedded endpoint. A change takes 50 ms of a clock that runs until it is stopped. */
const aStream = async (ShardCount: number, hear = (): void => {}) => {
  const clock: { stoppedAt?: number } = {}
  const now = (): number => clock.stoppedAt ?? Date.now()
  const engine = await openKinesis({
    folder: await temporaryFolder(),
    limits: false,
    now,
    changeMs: 50,
    scalingsADay: 3,
  })
  onTestFinished(() => engine.close())
  const { url } = await openTestEndpoint([heard(kinesisService({ engine, now, log: () => {} }), hear)])
  const call = async (action: string, input: object) =>
    (await post(url, `Kinesis_20131202.${action}`, JSON.stringify(input))).text()
  await call('CreateStream', { StreamName, ShardCount })
  return { url, call, clock }
}

/** What it says of steps; how one goes it says whenever a second has passed. */
const stepsOf = (stderr: string) => stderr.match(/^\d+ → \d+$/gm) ?? []

test('the stream is taken there step by step, found whole, and a limit of AWS is told', async () => {
  const { url } = await aStream(2)
  const set = (...args: string[]) => shards(['set', ...args, '--endpoint-url', url])

  const dry = await set('9', '--dry-run')
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('2 → 4 → 8 → 9, 3 steps of the 10') })

  const done = await set('9')
  expect(done.code).toBe(0)
  expect(stepsOf(done.stderr)).toEqual(['2 → 4', '4 → 8', '8 → 9'])
  expect(done.stdout).toContain('has 9 open shards, which cover every hash key exactly once.')

  const again = await set('9')
  expect(again.code).toBe(0)
  expect(stepsOf(again.stderr)).toEqual([])
  expect(again.stdout).toContain('has 9 open shards already.')
  expect(again.stdout).toContain('cover every hash key exactly once.')

  const tooOften = await set('10')
  expect(tooOften.code).toBe(1)
  expect(stepsOf(tooOften.stderr)).toEqual(['9 → 10'])
  expect(tooOften.stderr).toContain('a stream takes 10 in any 24 hours')
})

test('Ctrl-C during a step, which npm hands on once more, tells what was reached, and that the step goes on', async () => {
  let [signals, interrupt] = [0, (): void => {}]
  // The second comes while the command still has something to ask, and thus to say.
  const { url, call, clock } = await aStream(2, () => {
    if (signals !== 1) return
    signals = 2
    interrupt()
  })
  await until(async () => (await call('DescribeStreamSummary', { StreamName })).includes('"ACTIVE"'))
  clock.stoppedAt = Date.now()
  const { code, stdout } = await shards(['set', '8', '--endpoint-url', url], ({ stderr }, kill) => {
    if (signals > 0 || !stderr.includes('2 → 4')) return
    signals = 1
    interrupt = kill
    kill()
  })
  expect(signals).toBe(2)
  expect(code).toBe(1)
  expect(stdout).toContain(`Stopped: ${StreamName} has 4 open shards, and is UPDATING`)
  expect(stdout).toContain('npm run shards -- set 8 goes on from there.')
})

test('the menu names what can be done, and refuses anything else in one line', async () => {
  const menu = await shards([])
  expect(menu.code).toBe(0)
  for (const name of ['plan', 'show', 'watch', 'set'])
    expect(menu.stdout).toMatch(RegExp(`^ {2}${name} `, 'm'))
  expect(await shards(['sett'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'sett is none of plan, show, watch, set. See --help.\n',
  })
})
