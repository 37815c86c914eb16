import type { LogShard } from './shard-log.ts'

/**
 * Open in the product: a shard that has no ledger yet is taken to have no past, so nobody says that votes which expired in it
 * before anything of it was counted are lost. Such a shard is not judged; once that is mended, this file goes.
 */
export const isKnownGap = ({ unseen }: LogShard): boolean => unseen
