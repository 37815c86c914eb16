import type { SealedPart } from '../part.ts'

/** The parts that one sink has not had yet; each sink has an outbox of its own, so none waits for another. */
export type Outbox = {
  /** In the order of their chains, in pages; a little behind the table (an index is eventually consistent). */
  unsent(): AsyncIterable<SealedPart[]>
  /** Read consistently. */
  isSent(shardId: string, part: number): Promise<boolean>
  markSent(part: SealedPart): Promise<void>
}
