import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Scoreboard } from '../../dashboard/read-model.ts'
import { read, startPlacar } from './placar.ts'

const command = join(import.meta.dirname, '../../infra/cli/canary.ts')

/** What the command printed; throws when it fails. */
const canary = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [command, ...args])).stdout

test('the canary makes its poll once, and each of its votes is counted', async () => {
  const placar = await startPlacar()
  const folder = ['--data-dir', placar.folder]

  expect(await canary('--url', placar.url, ...folder)).toMatch(
    /^Created the poll canary\.\nAccepted in .*\nCounted in .*\n$/,
  )
  expect(await canary(...folder)).toMatch(/^Accepted in .*\nCounted in .*\n$/)

  const { counted, rejected } = await read<Scoreboard>(placar, '/polls/canary/scoreboard')
  expect({ counted, rejected }).toEqual({ counted: 2, rejected: {} })
})
