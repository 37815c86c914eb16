import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const polls = join(import.meta.dirname, '../../../infra/cli/polls.ts')

it.each([
  [['constructor'], 'constructor is none of create, list, show and close.'],
  [['list', 'all'], 'all is not expected after list; flags go behind --'],
  [['list', '--endpoint-url', 'nonsense'], "--endpoint-url must be the AWS endpoint's URL"],
])('npm run polls -- %j says in one line what was expected', (args, message) => {
  const { status, stderr } = spawnSync(process.execPath, [polls, ...args], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(message)])
})
