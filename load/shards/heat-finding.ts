import type { Heat } from './heat.ts'
import { middleOf, type ShardReading } from './reading.ts'

/** The partition keys of a hot shard's newest records, or why they could not be read. */
export type Sample = { records: number; top: { key: string; records: number } | null } | { failed: string }

/** Whether it tells anything: one without records tells no more than one that failed. */
export const tellsKeys = (sample: Sample): boolean => 'top' in sample && sample.top !== null

/** What is the matter with a hot shard; it may be both at once. */
export type Finding = { heat: Heat } & (
  | { kind: 'hot shard'; splitAt: string }
  | { kind: 'hot key'; key: string; keyShare: number; sampled: number }
  /** Dense, and no key makes most of it: many keys that lie close together. */
  | { kind: 'crowded range'; splitAt: string; keyShare: number; sampled: number }
  /** Dense, and not known whether by one key. */
  | { kind: 'suspected key'; why: string }
)

/** One key that makes so much of a shard's records is the cause of its heat. */
const mostOfIt = 0.5

export const sampleOf = (partitionKeys: readonly string[]): Sample => {
  const counts = new Map<string, number>()
  for (const key of partitionKeys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const [top] = [...counts].sort(([, left], [, right]) => right - left)
  return { records: partitionKeys.length, top: top ? { key: top[0], records: top[1] } : null }
}

/** @param samples of the dense ones among the hot shards, by id */
export const findings = (
  heats: readonly Heat[],
  shards: readonly ShardReading[],
  samples: ReadonlyMap<string, Sample>,
): Finding[] =>
  heats.flatMap((heat) => {
    const shard = shards.find(({ id }) => id === heat.shardId)
    if (shard === undefined) return []
    const splitAt = middleOf(shard.range)
    const found: Finding[] = heat.wide ? [{ kind: 'hot shard', heat, splitAt }] : []
    if (!heat.dense) return found
    const dense = denseFinding(heat, splitAt, samples.get(heat.shardId))
    // A single shard that is full is just that, unless one key fills it.
    return shards.length > 1 || dense.kind === 'hot key' ? [...found, dense] : found
  })

const denseFinding = (heat: Heat, splitAt: string, sample: Sample | undefined): Finding => {
  if (sample === undefined) return { kind: 'suspected key', heat, why: 'its records were not sampled' }
  if ('failed' in sample)
    return { kind: 'suspected key', heat, why: `its records could not be read: ${sample.failed}` }
  const { top, records: sampled } = sample
  if (top === null) return { kind: 'suspected key', heat, why: 'no records were found in it' }
  const keyShare = top.records / sampled
  return keyShare >= mostOfIt
    ? { kind: 'hot key', heat, key: top.key, keyShare, sampled }
    : { kind: 'crowded range', heat, splitAt, keyShare, sampled }
}
