import { findHeat } from '../../../load/shards/heat.ts'
import { type Finding, findings, type Sample, tellsKeys } from '../../../load/shards/heat-finding.ts'
import type { StreamReading } from '../../../load/shards/reading.ts'
import type { StreamReader } from './stream-reader.ts'

/** What shards were sampled, by id, and when, epoch ms. */
export type Samples = Map<string, { sample: Sample; at: number }>

/** Keys come and go: what a sample told is believed for so long, ms. */
const believedForMs = 60_000

/**
 * The hot shards of a reading and why they are hot. Dense ones are sampled: once a minute, and where it told nothing, each time.
 *
 * @param samples those so far; shards that are no longer dense leave
 */
export const findHot = async (
  reader: Pick<StreamReader, 'sample'>,
  reading: StreamReading,
  samples: Samples,
): Promise<Finding[]> => {
  const heats = findHeat(reading)
  const dense = heats.filter(({ dense }) => dense).map(({ shardId }) => shardId)
  for (const id of samples.keys()) if (!dense.includes(id)) samples.delete(id)
  await Promise.all(
    dense.map(async (id) => {
      const before = samples.get(id)
      if (before && tellsKeys(before.sample) && reading.at - before.at < believedForMs) return
      const sample = await reader.sample(id)
      // Better an old one than one that tells nothing.
      if (tellsKeys(sample) || !before || !tellsKeys(before.sample))
        samples.set(id, { sample, at: reading.at })
    }),
  )
  const told = new Map([...samples].map(([id, { sample }]) => [id, sample]))
  return findings(heats, reading.shards, told)
}
