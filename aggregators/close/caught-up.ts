import { openLedger, prepareLedger, replaceLedger } from '../ledger-revision.ts'
import { goneUntil, renewAfterMs, withLoss, withoutLoss, youngSince } from '../retention.ts'
import type { CloseStore } from './close-store.ts'
import type { StreamShard, VoteStream } from './vote-stream.ts'

/** An acknowledged record can be read within seconds; what is seen counts for a minute ago. */
const readableWithinMs = 60_000

/** Races that may be lost to the aggregator of a busy shard. */
const maxAttempts = 10

export type CaughtUpPorts = {
  store: Pick<
    CloseStore,
    'readLedgers' | 'readShardIds' | 'now' | 'readLedger' | 'putLedger' | 'addShard' | 'writePart'
  >
  stream: Pick<VoteStream, 'listShards' | 'lookBeyond' | 'retentionMs' | 'bornSince'>
  hasTime: () => boolean
}

/**
 * Notes in the ledgers of silent shards that everything in them is counted, and of ended ones that they are counted to their
 * end, or gone. Without it, a shard that is silent for longer than the retention could not be told from one whose votes have
 * expired unread. A shard without a ledger gets one: from then on it is known, whatever the stream forgets. A shard that
 * cannot be looked at is left for the next run; that error is thrown at the end.
 *
 * @param settled ended shards that need no further look; added to
 */
export const noteCaughtUp = async (
  { store, stream, hasTime }: CaughtUpPorts,
  settled: Set<string>,
): Promise<void> => {
  const listed = new Map((await stream.listShards()).map((shard) => [shard.id, shard]))
  const ids = new Set([...listed.keys(), ...(await store.readShardIds())])
  const shards = [...ids].flatMap((id) => (settled.has(id) ? [] : (listed.get(id) ?? { id, open: false })))
  const retentionMs = await stream.retentionMs()
  const ledgers = new Map(
    (await store.readLedgers(shards.map(({ id }) => id))).map((ledger) => [ledger.shardId, ledger]),
  )
  const isDoubted = ({ id }: Pick<StreamShard, 'id'>): boolean => {
    const ledger = ledgers.get(id)
    return ledger === undefined || ledger.lostUntil !== undefined
  }
  const since = youngSince(store.now(), retentionMs)
  const young = shards.some(isDoubted) ? await stream.bornSince(since) : undefined
  const failures: unknown[] = []

  const note = async (shard: Pick<StreamShard, 'id' | 'open'>): Promise<void> => {
    const read = ledgers.get(shard.id)
    if (read?.drained) settled.add(shard.id)
    if (isDoubted(shard) && young?.has(shard.id)) return takeBack(shard.id)
    const now = store.now()
    const seenUntil = Math.max(read?.lastArrival ?? 0, read?.caughtUpAt ?? 0)
    if (read?.drained || (shard.open && now - seenUntil < renewAfterMs(retentionMs))) return
    const beyond = await stream.lookBeyond(shard.id, read?.checkpoint ?? '0')
    if (beyond === 'records' && read !== undefined) return
    const ledger = await prepareLedger(shard.id, read, store)
    // What was seen holds for the time before the look; what may have gone, for the time after it.
    const next = withLoss(ledger, store.now(), retentionMs)
    if (beyond !== 'records') next.caughtUpAt = now - readableWithinMs
    if (beyond === 'end of shard' || beyond === 'gone') next.drained = true
    // Should the aggregator have been faster, the shard is not silent.
    await replaceLedger(next, store)
  }

  /** Notes that a shard, busy perhaps, was not there yet at `since`, so that nothing of it can have gone. */
  const takeBack = async (shardId: string): Promise<void> => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const ledger = await openLedger(shardId, store)
      // A function can be frozen for hours and go on.
      if (since <= goneUntil(store.now(), retentionMs)) return
      const caughtUpAt = Math.max(ledger.caughtUpAt ?? 0, since)
      if (await replaceLedger({ ...withoutLoss(ledger), caughtUpAt }, store)) return
    }
  }

  for (const shard of shards) {
    if (!hasTime()) break
    await note(shard).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${shards.length} shards could not be looked at`)
}
