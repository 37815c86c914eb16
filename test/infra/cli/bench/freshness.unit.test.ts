import { expect, test } from 'vitest'
import { freshnessBenchmark } from '../../../../infra/cli/bench/freshness.ts'
import { UsageError } from '../../../../infra/cli/command.ts'

test('rates that are none are refused before anything is started', async () => {
  for (const rates of ['', '1000,', '0', '1e3', '1000;5000', '400001'])
    await expect(freshnessBenchmark.run([`--rates=${rates}`])).rejects.toThrow(UsageError)
})
