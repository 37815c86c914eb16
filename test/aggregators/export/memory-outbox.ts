import type { Outbox } from '../../../aggregators/export/outbox.ts'
import type { SealedPart } from '../../../aggregators/part.ts'

/** An outbox over parts in memory. `pageSize` parts a page; `sent` keeps the keys of those that are marked. */
export const memoryOutbox = (
  parts: ReadonlyMap<string, SealedPart>,
  pageSize = 3,
): Outbox & { sent: Set<string> } => {
  const sent = new Set<string>()
  const key = (shardId: string, number: number): string => `${shardId}#${number}`
  return {
    sent,
    unsent: async function* () {
      const waiting = [...parts.values()]
        .filter(({ shardId, number }) => !sent.has(key(shardId, number)))
        .sort((left, right) =>
          left.shardId === right.shardId ? left.number - right.number : left.shardId < right.shardId ? -1 : 1,
        )
      for (let at = 0; at < waiting.length; at += pageSize) yield waiting.slice(at, at + pageSize)
    },
    isSent: async (shardId, number) => sent.has(key(shardId, number)) || !parts.has(key(shardId, number)),
    markSent: async ({ shardId, number }) => {
      sent.add(key(shardId, number))
    },
  }
}
