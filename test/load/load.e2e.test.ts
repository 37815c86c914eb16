import { execFile, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { countReader } from '../../load/count.ts'
import { scenarioPlan } from '../../load/playing/plan.ts'
import { parseScenario } from '../../load/playing/scenario.ts'
import type { VolleyReport } from '../../load/run.ts'
import { runVolley } from '../../load/run.ts'
import { ended, freePort, read, startPlacar } from '../e2e/placar.ts'

const command = join(import.meta.dirname, '../../infra/cli/load.ts')
const scenarios = join(import.meta.dirname, '../../load/scenarios')

type Scoreboard = { status: string; options: { id: string; votes: number }[] }

test('a steady load makes a poll of its own, closes it, and its result is exact to the vote', async () => {
  const placar = await startPlacar()
  const flags = '--rate 600 --seconds 3 --unknown-option 0.02 --unknown-poll 0.02 --json'.split(' ')
  const { stdout } = await promisify(execFile)(process.execPath, [
    command,
    'steady',
    '--data-dir',
    placar.folder,
    ...flags,
  ])
  const { poll, volley, verdict, totals, failures } = JSON.parse(stdout) as VolleyReport & { poll: string }
  expect(failures).toEqual([])
  expect(totals).toMatchObject({ sent: 1_800, accepted: 1_800, throttled: 0, failed: 0, difference: 0 })
  expect(totals.counted + totals.rejected).toBe(1_800)
  expect(verdict.final?.afterMs).toEqual(expect.any(Number))
  const { status, options } = await read<Scoreboard>(placar, `/polls/${poll}/scoreboard`)
  expect(status).toBe('final')
  expect(Object.fromEntries(options.map(({ id, votes }) => [id, votes]))).toEqual(volley.accepted.options)
})

test('a run that cannot vote, or is ended before it does, leaves no poll open', async () => {
  const placar = await startPlacar()
  const run = (...flags: string[]) =>
    spawn(process.execPath, [command, 'steady', '--data-dir', placar.folder, ...flags])
  const polls = async () => {
    const all = (await read<{ polls: { id: string; status: string }[] }>(placar, '/polls')).polls
    return all.filter(({ id }) => id !== 'demo').map(({ status }) => status)
  }
  const lost = run('--target', `http://127.0.0.1:${await freePort()}`)
  const says = text(lost.stderr)
  expect(await ended(lost)).toBe(1)
  expect(await says).toContain('Nothing answers at')
  expect(await polls()).toEqual([])

  const stopped = run()
  let told = ''
  for await (const piece of stopped.stderr.setEncoding('utf8')) {
    told += piece
    // npm hands a Ctrl-C on as a second one.
    if (piece.includes('Making the poll'))
      for (const signal of ['SIGINT', 'SIGINT'] as const) stopped.kill(signal)
  }
  expect(told).toContain('Stopped before the first vote')
  expect(await ended(stopped)).toBe(1)
  expect(await polls()).toEqual(['final'])
})

test('volley plays every scenario as its file expects, and all of it is counted', async () => {
  const placar = await startPlacar()
  const { hostname: host, port } = new URL(placar.url)
  const address = { host, port: Number(port), basePath: '' }
  const files = (await readdir(scenarios)).filter((file) => file.endsWith('.yml'))
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    const scenario = parseScenario(await readFile(join(scenarios, file), 'utf8'), file)
    const plan = scenarioPlan(
      { ...scenario, phases: [{ name: 'all of it', seconds: 0.5, from: 200, to: 400 }] },
      { poll: 'demo', address, scale: 1 },
      { connections: 16, pipeline: 1, threads: 1, seed: 1, drainMs: 20_000 },
    )
    const { failures, totals, volley } = await runVolley(
      plan,
      () => [],
      { reader: countReader(placar.url, 'demo'), now: Date.now, sleep: (ms) => sleep(ms) },
      { catchUpMs: 20_000, settleMs: 300 },
      { started: () => {}, ended: () => {}, sent: () => {} },
    )
    expect({ file, failures }).toEqual({ file, failures: [] })
    expect({ file, sent: volley.requests.sent }).toEqual({ file, sent: plan.schedule.size })
    expect({ file, difference: totals.difference }).toEqual({ file, difference: 0 })
  }
})
