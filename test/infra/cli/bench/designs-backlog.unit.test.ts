import { expect, test } from 'vitest'
import { shardOf } from '../../../../infra/cli/bench/designs-backlog.ts'

test.each([1, 4, 10, 11, 31])('%i shards of a backlog get equally many votes, of every option', (shards) => {
  const options = 10
  const found = Array.from({ length: shards }, () => new Map<number, number>())
  const votes = 10 * options * shards
  for (let at = 0; at < votes; at++) {
    const byOption = found[shardOf(at, shards)]
    byOption?.set(at % options, (byOption.get(at % options) ?? 0) + 1)
  }
  for (const byOption of found) {
    expect([...byOption.values()].reduce((sum, count) => sum + count, 0)).toBe(votes / shards)
    expect(byOption.size).toBe(options)
  }
})

test('as many votes as shards leave no shard empty: an empty one would be waited for without end', () => {
  for (const shards of [1, 4, 11, 512]) {
    const filled = new Set(Array.from({ length: shards }, (_, at) => shardOf(at, shards)))
    expect(filled.size).toBe(shards)
  }
})
