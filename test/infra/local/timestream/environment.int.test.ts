import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openSdk, start } from './open-timestream.ts'

test('a client that knows the endpoint from AWS_ENDPOINT_URL alone discovers it, and writes over plain HTTP', async () => {
  const { engine, url } = await openSdk()
  engine.ensureTable('d', 't')
  const script = fileURLToPath(new URL('write-once.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [script, String(start)], {
    timeout: 20_000,
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: url,
    },
  })
  expect([...engine.records('d', 't')]).toMatchObject([{ timeMs: start, measures: { votes: '1' } }])
})
