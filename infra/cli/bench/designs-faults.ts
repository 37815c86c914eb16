import { hash } from 'node:crypto'
import type { WorkerPool } from '../../local/lambda/worker-pool.ts'

/** How many invocations there were, and how many of them a fault befell. */
export type Invocations = { count: number; faults: number }

/** What "at least once" may mean for a batch whose function has succeeded. */
type Fault = 'delivered again' | 'failed behind its writes'

/**
 * A pool whose function does what it should, and is then called once more with the same batch, or counts as failed, so
 * that the mapping repeats the batch. What happens to a shard's batches follows from the seed alone.
 *
 * @param share of the invocations that a fault befalls, from 0 to below 1
 */
export const unreliablePool = (
  pool: WorkerPool,
  share: number,
  seed: number,
): WorkerPool & { seen: Invocations } => {
  const seen: Invocations = { count: 0, faults: 0 }
  const ordinals = new Map<string, number>()

  const fate = (shardId: string): Fault | undefined => {
    const ordinal = (ordinals.get(shardId) ?? 0) + 1
    ordinals.set(shardId, ordinal)
    const chance = Number.parseInt(hash('sha256', `${seed} ${shardId} ${ordinal}`).slice(0, 8), 16) / 2 ** 32
    if (chance >= share) return undefined
    return chance < share / 2 ? 'delivered again' : 'failed behind its writes'
  }

  const invoke: WorkerPool['invoke'] = async (invocation, transfer) => {
    const { payload } = invocation
    seen.count += 1
    const fault = payload.kind === 'kinesis' ? fate(payload.shardId) : undefined
    if (fault === undefined || payload.kind !== 'kinesis') return pool.invoke(invocation, transfer)
    seen.faults += 1
    const copy = { ...payload, frames: new Uint8Array(payload.frames) }
    const result = await pool.invoke(invocation, transfer)
    if (!result.ok) return result
    if (fault === 'failed behind its writes') return { ok: false, error: 'a fault was injected' }
    seen.count += 1
    return pool.invoke({ ...invocation, payload: copy }, [copy.frames.buffer])
  }

  return { ...pool, invoke, seen }
}
