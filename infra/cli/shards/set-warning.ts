import { assumptions } from '../../../load/cost/assumptions.ts'
import { demandOf, neededShards } from '../../../load/shards/auto-demand.ts'
import type { StreamReading } from '../../../load/shards/reading.ts'
import { percent } from '../../../load/shards/show-text.ts'
import type { Instance } from '../instance.ts'
import { unlessAborted } from '../interruption.ts'
import { streamReader } from './stream-reader.ts'

/** What would be refused at once, in a line, were there so few shards; `undefined` where all would fit, or it is not known. */
export const tooFewText = (reading: StreamReading, wanted: number): string | undefined => {
  const demand = demandOf(reading, new Set())
  if (demand === null || demand.load <= wanted) return undefined
  const take = wanted === 1 ? '1 shard is' : `${wanted} shards are`
  const needed = neededShards(demand, assumptions.headroom)
  return `Warning: ${take} too few for what is sent now, ${percent(demand.load / wanted)} of what they take: votes will be answered 429. It needs ${needed}.`
}

/** The same of the instance's stream as it is now. A stream that cannot be read is set without a warning. */
export const tooFewNow = async (
  instance: Instance,
  wanted: number,
  stopping: AbortSignal,
): Promise<string | undefined> => {
  const reader = streamReader(instance)
  try {
    return tooFewText(await unlessAborted(stopping, reader.read()), wanted)
  } catch {
    return undefined
  } finally {
    reader.close()
  }
}
