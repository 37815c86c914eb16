/**
 * The one DynamoDB table (design, section 6). Its name and key texts are shared by handlers, tools and both
 * composition roots; they stand here because polls, the first thing in it, belong to `ingest`.
 */

/** Environment variable that names the table. */
export const tableNameVariable = 'PLACAR_TABLE'
export const defaultTableName = 'placar-counts'

export const pollsKey = 'POLLS'
export const pollSortKey = (id: string): string => `POLL#${id}`
/** Not in the definition, which every aggregator reads again and again. */
export const resultSortKey = (id: string): string => `RESULT#${id}`
export const headsSortKey = (id: string): string => `HEADS#${id}`
export const ledgerKey = (shardId: string): string => `LEDGER#${shardId}`
export const ledgerSortKey = 'LEDGER'
/** Padded, so that a query reads parts in the order of their numbers. */
export const partSortKey = (number: number): string => `PART#${String(number).padStart(12, '0')}`
/** Sorts parts by shard, then by number. */
export const partChain = (shardId: string, number: number): string => `${shardId}#${partSortKey(number)}`
export const shardsKey = 'SHARDS'

/** Sparse indexes of parts that a sink has not had yet, one for each sink, in the order of `chain`: the archive, */
export const unsentIndex = 'unsent'
/** and the time series. */
export const unwrittenIndex = 'unwritten'
/** Index of all parts by the start of their window: by `timeline`, in the order of `start`. */
export const timelineIndex = 'timeline'
/** The one hash key of all indexes; parts per second are shards ÷ window length, far below a partition's 1,000 writes/s. */
export const partIndexKey = 'PART'
/** When an item may go, epoch seconds (DynamoDB's time to live). */
export const expiresAttribute = 'expires'
