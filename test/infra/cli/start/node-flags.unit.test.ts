import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { nodeFlags } from '../../../../infra/cli/start/node-flags.ts'

it('npm start gives Node the flags that tests and benchmarks give it', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8')
  expect(JSON.parse(text).scripts.start).toBe(`node ${nodeFlags.join(' ')} infra/cli/start.ts`)
})
