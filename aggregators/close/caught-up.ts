import type { Ledger } from '../ledger.ts'
import { prepareLedger, replaceLedger } from '../ledger-revision.ts'
import { mayHaveExpired, renewAfterMs } from '../retention.ts'
import type { CloseStore } from './close-store.ts'
import type { VoteStream } from './vote-stream.ts'

/** An acknowledged record can be read within seconds; what is seen counts for a minute ago. */
const readableWithinMs = 60_000

export type CaughtUpPorts = {
  store: Pick<CloseStore, 'readLedgers' | 'now' | 'readLedger' | 'putLedger' | 'addShard' | 'writePart'>
  stream: Pick<VoteStream, 'listShards' | 'lookBeyond' | 'retentionMs'>
  hasTime: () => boolean
}

/**
 * Notes in the ledgers of silent shards that everything in them is counted, and of ended ones that they are counted to their
 * end. Without it, a shard that is silent for longer than the retention could not be told from one whose votes have
 * expired unread. A shard that cannot be looked at is left for the next run; that error is thrown at the end.
 *
 * @param settled ended shards that need no further look; added to
 */
export const noteCaughtUp = async (
  { store, stream, hasTime }: CaughtUpPorts,
  settled: Set<string>,
): Promise<void> => {
  const shards = (await stream.listShards()).filter(({ id }) => !settled.has(id))
  const retentionMs = await stream.retentionMs()
  const ledgers = new Map(
    (await store.readLedgers(shards.map(({ id }) => id))).map((ledger) => [ledger.shardId, ledger]),
  )
  const failures: unknown[] = []

  const note = async (shardId: string, open: boolean): Promise<void> => {
    const now = store.now()
    const read = ledgers.get(shardId)
    if (read?.drained) settled.add(shardId)
    const seenUntil = Math.max(read?.lastArrival ?? 0, read?.caughtUpAt ?? 0)
    if (read?.drained || (open && now - seenUntil < renewAfterMs(retentionMs))) return
    const beyond = await stream.lookBeyond(shardId, read?.checkpoint ?? '0')
    if (beyond !== 'present' && beyond !== 'end of shard') return
    const ledger = await prepareLedger(shardId, read, store)
    const next: Ledger = { ...ledger, caughtUpAt: now - readableWithinMs }
    // A ledger that there was not yet has no past that could be in doubt.
    if (read !== undefined && mayHaveExpired(read, now, retentionMs)) next.lostUntil = now
    if (beyond === 'end of shard') next.drained = true
    await replaceLedger(next, store)
  }

  for (const { id, open } of shards) {
    if (!hasTime()) break
    await note(id, open).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${shards.length} shards could not be looked at`)
}
