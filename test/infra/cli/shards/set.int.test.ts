import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pipeline } from '../../../../infra/config.ts'
import { kinesisService } from '../../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { openTestEndpoint, post } from '../../local/aws/open-endpoint.ts'
import { temporaryFolder } from '../../local/temporary-folder.ts'
import { until } from '../../local/until.ts'

const command = join(import.meta.dirname, '../../../../infra/cli/shards.ts')
const StreamName = pipeline.streamName

/** Placar's stream on an embedded endpoint. A change takes 50 ms of a clock that runs until it is stopped. */
const aStream = async (ShardCount: number) => {
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
  const { url } = await openTestEndpoint([kinesisService({ engine, now, log: () => {} })])
  const call = async (action: string, input: object) =>
    (await post(url, `Kinesis_20131202.${action}`, JSON.stringify(input))).text()
  await call('CreateStream', { StreamName, ShardCount })
  return { url, call, clock }
}

/** Runs npm run shards; `during` hears what it says to stderr, and may stop it. */
const shards = (
  args: readonly string[],
  during: (stderr: string, interrupt: () => void) => void = () => {},
) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [command, ...args])
    let [stdout, stderr] = ['', '']
    let isInterrupted = false
    const interrupt = (): void => {
      // A second one would end it at once.
      if (!isInterrupted) child.kill('SIGINT')
      isInterrupted = true
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      during(stderr, interrupt)
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

test('the stream is taken there step by step, found whole, and a limit of AWS is told', async () => {
  const { url } = await aStream(2)
  const set = (...args: string[]) => shards(['set', ...args, '--endpoint-url', url])

  const dry = await set('9', '--dry-run')
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('2 → 4 → 8 → 9, 3 steps of the 10') })

  const done = await set('9')
  expect(done).toMatchObject({ code: 0, stderr: '2 → 4\n4 → 8\n8 → 9\n' })
  expect(done.stdout).toContain('has 9 open shards, which cover every hash key exactly once.')

  const again = await set('9')
  expect(again).toMatchObject({ code: 0, stderr: '' })
  expect(again.stdout).toContain('has 9 open shards already.')
  expect(again.stdout).toContain('cover every hash key exactly once.')

  const tooOften = await set('10')
  expect(tooOften.code).toBe(1)
  expect(tooOften.stderr.trim().split('\n')).toEqual([
    '9 → 10',
    expect.stringContaining('a stream takes 10 in any 24 hours'),
  ])
})

test('Ctrl-C during a step tells what was reached, and that the step goes on', async () => {
  const { url, call, clock } = await aStream(2)
  await until(async () => (await call('DescribeStreamSummary', { StreamName })).includes('"ACTIVE"'))
  clock.stoppedAt = Date.now()
  const { code, stdout } = await shards(['set', '8', '--endpoint-url', url], (stderr, interrupt) => {
    if (stderr.includes('2 → 4')) interrupt()
  })
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
