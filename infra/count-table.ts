import { timelineIndex, unsentIndex, unwrittenIndex } from '../ingest/count-table.ts'

export type TableKey = { partitionKey: string; sortKey: string }

/** The parts that one sink has not had yet; the index is named after the attribute that they have until then. */
const outbox = (attribute: string): TableKey => ({ partitionKey: attribute, sortKey: 'chain' })

/** Keys and indexes of the count store's table (design, section 6), for both composition roots. Indexes hold whole items. */
export const countTable: TableKey & {
  indexes: Readonly<Record<string, TableKey>>
  types: Readonly<Record<string, 'S' | 'N'>>
} = {
  partitionKey: 'PK',
  sortKey: 'SK',
  indexes: {
    [unsentIndex]: outbox(unsentIndex),
    [unwrittenIndex]: outbox(unwrittenIndex),
    [timelineIndex]: { partitionKey: 'timeline', sortKey: 'start' },
  },
  types: {
    PK: 'S',
    SK: 'S',
    [unsentIndex]: 'S',
    [unwrittenIndex]: 'S',
    chain: 'S',
    timeline: 'S',
    start: 'N',
  },
}
