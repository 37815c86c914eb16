import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Scoreboard } from '../../dashboard/read-model.ts'
import { startVolley } from '../../load/volley/volley.ts'
import { until } from '../infra/local/until.ts'
import { command } from './command.ts'
import { ended, type Placar, read, startPlacar } from './placar.ts'

const options = ['ana', 'bia', 'caio', 'davi'] as const

/** Half as much again as one shard takes. */
const votesPerSecond = 1_500

/** So many accepted in a row are more than a shard takes that is offered too much. */
const enough = 3_000

/** Votes for `demo` by the clock, whatever becomes of them. */
const pour = (placar: Placar) => {
  const { hostname, port } = new URL(placar.url)
  const volley = startVolley({
    address: { host: hostname, port: Number(port), basePath: '' },
    mix: {
      poll: 'demo',
      options: options.map((option) => ({ option, weight: 1 })),
      unknownOptionShare: 0,
      unknownPollShare: 0,
      batch: 1,
    },
    rate: votesPerSecond,
    seconds: 100,
    connections: 64,
    pipeline: 1,
    threads: 1,
    seed: 1,
    drainMs: 30_000,
  })
  onTestFinished(() => volley.stop())
  return volley
}

const watchAuto = (placar: Placar): { child: ChildProcess; output: () => string } => {
  const script = join(import.meta.dirname, '../../infra/cli/shards.ts')
  const flags = ['watch', '--auto', '--max', '4', '--every', '1', '--data-dir', placar.folder]
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  return { child, output: () => output }
}

describe('a stream of one shard under more votes than it takes', () => {
  it('refuses some with 429 until watch --auto has scaled it, and counts every vote it took', async () => {
    const placar = await startPlacar({ flags: ['--shards', '1', '--window-seconds', '1'] })
    const volley = pour(placar)
    let byHand = 0
    const refused = await until(async () => {
      const body = JSON.stringify({ option: 'ana' })
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${placar.url}/polls/demo/votes`, { method: 'POST', headers, body })
      if (answer.status === 202) byHand += 1
      return answer.status !== 202 && answer
    })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ error: 'throttled' })

    const watch = watchAuto(placar)
    await until(() => {
      if (watch.child.exitCode !== null) throw new Error(`the watch ended: ${watch.output()}`)
      return watch.output().includes('Going from 1 to 2 shards: ')
    })
    let lastRefused = volley.progress()
    await until(() => {
      const now = volley.progress()
      if (now.throttled > lastRefused.throttled) lastRefused = now
      return now.accepted >= lastRefused.accepted + enough
    })
    watch.child.kill('SIGINT')
    expect(await ended(watch.child)).toBe(0)
    expect(watch.output()).toMatch(/Watched for .+ shards 1 → [234], [123] steps? by this watch\.\n$/)

    volley.stop()
    const { accepted, requests } = await volley.result
    expect(requests.unknown).toBe(0)
    expect(Object.keys(requests.statuses).sort()).toEqual(['202', '429'])
    expect(await command('polls', ['close', '--id', 'demo'], placar)).toMatchObject({ code: 0 })
    const board = await read<Scoreboard>(placar, '/polls/demo/scoreboard')
    expect(board).toMatchObject({ status: 'final', rejected: {}, final: { proved: true } })
    expect(Object.fromEntries(board.options.map(({ id, votes }) => [id, votes]))).toEqual({
      ...accepted.options,
      ana: (accepted.options.ana ?? 0) + byHand,
    })
    expect(await placar.stop()).toBe(0)
  })
})
