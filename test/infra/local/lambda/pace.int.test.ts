import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { restMs } from '../../../../infra/local/lambda/pace.ts'
import { count, openMapping } from './open-mapping.ts'

it('more than a dozen shards are no more invocations, down to one a second for each', () => {
  expect([1, 12, 24, 48, 256].map(restMs)).toEqual([250, 250, 500, 1000, 1000])
})

it('a shard rests behind a batch by how many have records, and otherwise until the next look', async () => {
  const pauses: number[] = []
  const opened = await openMapping(
    count,
    {},
    {
      restMs: (shards) => 7000 + shards,
      pause: async (ms, stopping) => {
        pauses.push(ms)
        await setTimeout(1, undefined, { signal: stopping }).catch(() => {})
      },
    },
  )
  await opened.stream().split(opened.stream().shards[0]?.id ?? '', '1')
  await expect.poll(() => pauses).toContain(5)
  expect(Math.max(...pauses)).toBe(5)
  await opened.put('a')
  await expect.poll(() => pauses).toContain(7001)
})
