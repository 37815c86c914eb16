import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const command = fileURLToPath(new URL('../../infra/cli/simulate.ts', import.meta.url))

const simulate = (...args: string[]) =>
  spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', timeout: 60_000 })

it('tells how many seeds it simulated, and that none went wrong', () => {
  const { status, stdout } = simulate('--seeds', '5')
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(/^5 seeds, 0 with violations, in [\d.]+ s\.\n$/),
  ])
}, 60_000)

it('simulates one seed alone', () => {
  const { status, stdout } = simulate('--seed', '4711')
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^1 seed, 0 with violations/)])
}, 60_000)

it('says in one line what a flag must be', () => {
  const { status, stderr } = simulate('--seeds', 'many')
  expect([status, stderr]).toEqual([1, '--seeds must be a whole number from 1 to 2147483647, not "many".\n'])
}, 60_000)
