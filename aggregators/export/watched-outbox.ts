import { readPart, type SealedPart } from '../part.ts'
import type { Outbox } from './outbox.ts'

export type WatchedOutbox = Outbox & {
  /**
   * When the oldest window ended that was seen in the outbox and not marked as sent since, epoch ms; `null` when none was
   * left. `undefined` when the outbox could not be read: then nobody knows.
   */
  oldestUnsentEnd(): number | null | undefined
}

/**
 * An outbox that remembers what the last reading of it met: at most what that reading went through. A reading that ends
 * early has met the beginnings of the chains.
 */
export const watchedOutbox = (outbox: Outbox): WatchedOutbox => {
  let unsent: Map<string, number> | undefined
  return {
    ...outbox,
    unsent: async function* () {
      unsent = undefined
      const met = new Map<string, number>()
      for await (const page of outbox.unsent()) {
        for (const part of page) met.set(keyOf(part), readPart(part).window.end)
        unsent = met
        yield page
      }
      unsent = met
    },
    markSent: async (part) => {
      await outbox.markSent(part)
      unsent?.delete(keyOf(part))
    },
    oldestUnsentEnd: () => {
      if (unsent === undefined) return undefined
      let oldest: number | null = null
      for (const end of unsent.values()) if (oldest === null || end < oldest) oldest = end
      return oldest
    },
  }
}

const keyOf = ({ shardId, number }: SealedPart): string => `${shardId}#${number}`
