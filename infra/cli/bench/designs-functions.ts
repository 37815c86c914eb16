import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { readLedgers } from '../../../aggregators/ledgers.store.ts'
import { addCounts } from '../../../aggregators/tally.ts'
import { voteCounts } from '../../../load/bench/designs/vote-counts.store.ts'
import type { Counts, Design } from '../../../load/bench/designs.ts'
import { pipeline } from '../../config.ts'

/** A design's function, and how its count is read. */
export type DesignFunction = {
  /** An absolute `file:` URL. */
  module: string
  /** 0: without windows. */
  windowSeconds: number
  /** @returns votes by option; `undefined` while a window is open, or a shard not counted at all */
  read(
    client: DynamoDBClient,
    table: string,
    poll: string,
    shardIds: readonly string[],
  ): Promise<Counts | undefined>
}

const readCounters: DesignFunction['read'] = (client, table, poll) => voteCounts(client, table).read(poll)

const readFromLedgers: DesignFunction['read'] = async (client, table, poll, shardIds) => {
  const ledgers = await readLedgers(client, table, shardIds)
  if (ledgers.length < shardIds.length || ledgers.some(({ open }) => open !== null)) return undefined
  const total: Record<string, number> = {}
  for (const { entries } of ledgers) addCounts(total, entries[poll]?.counts ?? {})
  return total
}

const designFolder = '../../../load/bench/designs'

export const designFunctions: Readonly<Record<Design, DesignFunction>> = {
  'write per vote': {
    module: import.meta.resolve(`${designFolder}/write-per-vote.lambda.ts`),
    windowSeconds: 0,
    read: readCounters,
  },
  'ADD per batch': {
    module: import.meta.resolve(`${designFolder}/add-per-batch.lambda.ts`),
    windowSeconds: 0,
    read: readCounters,
  },
  Placar: {
    module: import.meta.resolve('../../../aggregators/aggregate.lambda.ts'),
    windowSeconds: pipeline.aggregator.tumblingWindowSeconds,
    read: readFromLedgers,
  },
}
