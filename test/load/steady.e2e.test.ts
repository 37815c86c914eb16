import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { SteadyReport } from '../../load/steady.ts'
import { read, startPlacar } from '../e2e/placar.ts'

const command = join(import.meta.dirname, '../../infra/cli/load.ts')

test('a steady load on a running Placar makes a poll of its own and is counted to the vote', async () => {
  const placar = await startPlacar()
  const flags = [
    '--rate',
    '600',
    '--seconds',
    '3',
    '--unknown-option',
    '0.02',
    '--unknown-poll',
    '0.02',
    '--json',
  ]
  const { stdout } = await promisify(execFile)(process.execPath, [
    command,
    'steady',
    '--data-dir',
    placar.folder,
    ...flags,
  ])
  const { spec, volley, failures } = JSON.parse(stdout) as SteadyReport
  expect(failures).toEqual([])
  expect(volley.acceptedVotes).toBe(1_800)
  const scoreboard = await read<{ options: { id: string; votes: number }[] }>(
    placar,
    `/polls/${spec.mix.poll}/scoreboard`,
  )
  expect(Object.fromEntries(scoreboard.options.map(({ id, votes }) => [id, votes]))).toEqual(
    volley.accepted.options,
  )
})
