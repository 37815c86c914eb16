import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const app = join(import.meta.dirname, '../../../infra/aws/app.ts')

it('a setting that cannot be ends the synthesis with one line', () => {
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ shards: 'abc' }) }
  const { status, stderr } = spawnSync(process.execPath, [app], { env, encoding: 'utf8' })
  expect(stderr).toBe(
    "Placar's settings (cdk.json, context.placar): shards must be a number from 1 to 10,000.\n",
  )
  expect(status).toBe(1)
})
