import { expect, it } from 'vitest'
import { unreliablePool } from '../../../../infra/cli/bench/designs-faults.ts'
import type { KinesisPayload } from '../../../../infra/local/lambda/invocation.ts'
import type { WorkerPool } from '../../../../infra/local/lambda/worker-pool.ts'

/** A pool that takes the memory over, as workers do, and remembers the first byte that it got. */
const takingPool = (): WorkerPool & { got: (number | undefined)[] } => {
  const got: (number | undefined)[] = []
  return {
    got,
    invoke: async ({ payload }, transfer = []) => {
      got.push((structuredClone(payload, { transfer }) as KinesisPayload).frames[0])
      return { ok: true, json: '{}' }
    },
    close: async () => {},
  }
}

/** What became of ten batches of a shard: told to have failed, and how often the function was called. */
const fates = async (share: number, seed: number, shardId = 'shard-0') => {
  const pool = takingPool()
  const unreliable = unreliablePool(pool, share, seed)
  const results: string[] = []
  for (let at = 0; at < 10; at += 1) {
    const frames = new Uint8Array([at])
    const payload: KinesisPayload = { kind: 'kinesis', frames, sequencePrefix: '', shardId, streamArn: '' }
    const before = pool.got.length
    const { ok } = await unreliable.invoke({ functionName: 'f', timeoutMs: 1, payload }, [frames.buffer])
    expect(new Set(pool.got.slice(before))).toEqual(new Set([at]))
    results.push(`${ok ? 'ok' : 'failed'} ${pool.got.length - before}`)
  }
  return { results, seen: unreliable.seen, calls: pool.got.length }
}

it('without faults every batch is delivered once', async () => {
  const { results, seen } = await fates(0, 1)
  expect(new Set(results)).toEqual(new Set(['ok 1']))
  expect(seen).toEqual({ count: 10, faults: 0 })
})

it('a fault repeats a batch whose function had succeeded, or tells of a failure after it', async () => {
  const { results, seen, calls } = await fates(0.8, 1)
  expect(new Set(results)).toEqual(new Set(['ok 1', 'ok 2', 'failed 1']))
  expect(seen).toEqual({ count: calls, faults: results.filter((result) => result !== 'ok 1').length })
})

it('the seed and the shard decide', async () => {
  const { results } = await fates(0.5, 7)
  expect((await fates(0.5, 7)).results).toEqual(results)
  expect((await fates(0.5, 8)).results).not.toEqual(results)
  expect((await fates(0.5, 7, 'shard-1')).results).not.toEqual(results)
})
