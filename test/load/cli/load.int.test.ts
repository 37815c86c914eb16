import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../infra/local/temporary-folder.ts'
import { type FakePlacar, type Fate, fakePlacar } from '../fake-placar.ts'

const command = join(import.meta.dirname, '../../../infra/cli/load.ts')

let placar: FakePlacar | undefined
afterEach(async () => {
  await placar?.close()
  placar = undefined
})

type Ended = { code: number | null; stdout: string; stderr: string }

const load = (...args: string[]): Promise<Ended> => ended(spawn(process.execPath, [command, ...args]))

const ended = (child: ChildProcessWithoutNullStreams): Promise<Ended> =>
  new Promise((resolve) => {
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

const started = async (fateOf?: (n: number) => Fate): Promise<FakePlacar> => {
  placar = await fakePlacar(['ana', 'bia'], fateOf)
  return placar
}

const steady = async (fateOf?: (n: number) => Fate, ...flags: string[]) => {
  const { url } = await started(fateOf)
  return await load('steady', '--target', url, '--poll', 'final', '--rate', '300', '--seconds', '1', ...flags)
}

test('without a scenario it lists them', async () => {
  const { code, stdout } = await load()
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ {2}steady /m)
  expect(stdout).toMatch(/^ {2}paredao +Models the elimination night/m)
  expect(stdout).toMatch(/^ {2}record-minute /m)
})

test.each(['steady', 'smoke', 'record-minute'])('%s has a help of its own', async (scenario) => {
  const { code, stdout } = await load(scenario, '--help')
  expect(code).toBe(0)
  expect(stdout).toMatch(/--poll ID/)
})

test.each(['paredao', 'record-minute'])('%s has limits that need not be asked for', async (scenario) => {
  const { stdout } = await load(scenario, '--help')
  expect(stdout).toMatch(/--max-final-ms N .*\(default 2000\)/)
  expect(stdout).toMatch(/--min-accepted-rate F .*\(default 0.99\)/)
})

test('paredao is held to a part of its votes on time, behind a warm-up', async () => {
  const { stdout } = await load('paredao', '--help')
  expect(stdout).toMatch(/--min-rate-held F .*\(default 0.5\)/)
  expect(stdout).toMatch(/--warm-up S .*\(default 10\)/)
})

test.each([
  [['stedy'], /^stedy is none of steady, finale/],
  [['steady', '--rte', '5'], /^Unknown option '--rte'/],
  [['steady', '--rate', 'many'], /^--rate must be a whole number/],
  [['steady', '--unknown-option', '2'], /^--unknown-option must be a number from 0 to 0.5/],
  [['simple', '--generator', 'wrk'], /^--generator must be volley or artillery/],
  [['simple', '--generator', 'artillery', '--warm-up', '1'], /^--warm-up is for volley/],
  [['steady', '--warm-up', 'a'], /^--warm-up must be a whole number/],
  [['simple', '--scale', '0'], /^--scale must be more than 0/],
  [['simple', '--generator', 'artillery', '--hgrm', 'a'], /^--hgrm is for volley/],
  [['steady', '--hgrm', 'no-such-folder/a.hgrm'], /^--hgrm cannot be written \(ENOENT/],
  [['paredao', '--hgrm', 'no-such-folder/a.hgrm'], /^--hgrm cannot be written \(ENOENT/],
  [['record-minute', '--hgrm', 'no-such-folder/a.hgrm'], /^--hgrm cannot be written \(ENOENT/],
  [['steady', '--max-final-ms', '5', '--poll', 'final'], /^--max-final-ms needs a poll of its own/],
  [['simple', '--min-accepted-rate', '2'], /^--min-accepted-rate must be a number from 0 to 1/],
  [['simple', '--rate', '5'], /^Unknown option '--rate'/],
  [['steady', '--workers', '8', '--connections', '4'], /^--connections must be at least --workers/],
  [['steady', '--target', 'here', '--poll', 'final'], /^--target must be an address/],
  [['steady', '--target', 'https://127.0.0.1:1', '--poll', 'final', '--options', 'ana'], /plain HTTP only/],
  [
    ['steady', '--target', 'http://127.0.0.1:1', '--poll', 'final'],
    /^http:\/\/127.0.0.1:1 cannot be reached \(/,
  ],
])('%j is refused in one line', async (args, line) => {
  const { code, stdout, stderr } = await load(...args)
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(line)
  expect(stderr.trimEnd()).not.toMatch(/\n/)
})

test('that nothing answers is said in one line', async () => {
  const gone = await fakePlacar(['ana'])
  await gone.close()
  const { code, stderr } = await load('steady', '--target', gone.url, '--poll', 'final')
  expect(code).toBe(1)
  expect(stderr).toBe(`Nothing answers at ${gone.url}. Is Placar running? Start it with npm start.\n`)
})

test('so is a poll that is not there', async () => {
  placar = await fakePlacar(['ana', 'bia'])
  const { code, stderr } = await load('steady', '--target', placar.url, '--poll', 'semi')
  expect(code).toBe(1)
  expect(stderr).toBe(`There is no poll semi at ${placar.url}; there is final.\n`)
})

test('a run that is counted exactly exits 0, with the result alone on stdout', async () => {
  const { code, stdout, stderr } = await steady(undefined, '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    failures: [],
    poll: 'final',
    totals: { sent: 300, accepted: 300, throttled: 0, failed: 0, counted: 300, rejected: 0, difference: 0 },
    volley: { acceptedVotes: 300 },
  })
  expect(stderr).toMatch(/votes accepted; comparing with the count/)
  expect(code).toBe(0)
})

test('a warm-up votes well beforehand, at the rate of the run and in none of its figures', async () => {
  const { code, stdout, stderr } = await steady(
    undefined,
    '--warm-up',
    '1',
    '--unknown-option',
    '0.5',
    '--json',
  )
  const { totals, failures } = JSON.parse(stdout)
  expect(failures).toEqual([])
  expect(totals).toMatchObject({ sent: 300, accepted: 300, difference: 0 })
  expect(totals.rejected).toBeGreaterThan(0)
  expect(placar?.requests).toHaveLength(600)
  const good = placar?.requests.slice(0, 300).filter((request) => /"(ana|bia)"/.test(request))
  expect(good).toHaveLength(300)
  expect(stderr).toMatch(
    /^Warm-up: 1 s at 300\/s; its votes are counted too, and are in no figure below\.\n(.*\n)+Voting in final at /,
  )
  expect(code).toBe(0)
})

test('a scenario refuses a poll without the options that it votes for', async () => {
  placar = await fakePlacar(['ana', 'bia'])
  const { code, stderr } = await load('simple', '--target', placar.url, '--poll', 'final')
  expect(code).toBe(1)
  expect(stderr).toBe('The poll final lacks caio, davi, which the scenario votes for.\n')
})

test('the latencies are written as an HdrHistogram text in milliseconds', async () => {
  const file = join(await temporaryFolder(), 'steady.hgrm')
  const { code } = await steady(undefined, '--hgrm', file)
  expect(code).toBe(0)
  const text = await readFile(file, 'utf8')
  expect(text).toMatch(/^ +Value +Percentile TotalCount 1\/\(1-Percentile\)\n/)
  expect(text).toMatch(/#\[Max +=.*Total count += +300\]/)
})

test('a vote counted twice makes it exit 1', async () => {
  const { code, stdout } = await steady((n) => (n === 7 ? 'counted twice' : 'counted'))
  expect(code).toBe(1)
  expect(stdout).toMatch(/1 too many/)
})

test('a threshold that is not met makes it exit 1', async () => {
  const { code, stdout } = await steady(undefined, '--max-counted-p99-ms', '11')
  expect(code).toBe(1)
  expect(stdout).toMatch(/p99 is 12 ms, at most 11 ms allowed/)
})

test('Ctrl-C, which npm hands on as a second one, ends a run early, and its result is told', async () => {
  const { url, requests } = await started()
  const run = ['steady', '--target', url, '--poll', 'final', '--rate', '100', '--seconds', '3600', '--json']
  const child = spawn(process.execPath, [command, ...run])
  const result = ended(child)
  await expect.poll(() => requests.length).toBeGreaterThan(5)
  child.kill('SIGINT')
  child.kill('SIGINT')
  const { code, stdout } = await result
  expect(JSON.parse(stdout)).toMatchObject({ failures: [], totals: { sent: requests.length, difference: 0 } })
  expect(code).toBe(0)
})
