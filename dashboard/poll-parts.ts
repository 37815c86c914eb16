import type { PartBody } from '../aggregators/part.ts'
import { own } from '../aggregators/tally.ts'
import type { Order } from './read-store.ts'

/** Parts, of whichever poll, that one question may read. A poll can be quiet while others fill the index for days. */
export const maxPartsRead = 20_000

/** `covers`: whether a window that starts then, epoch ms, lies before the point where reading stopped, so lacks no part. */
export type PollParts = { parts: PartBody[]; covers: (start: number) => boolean }

/**
 * A poll's parts, page by page, until they cover `limit` windows or `maxPartsRead` were read: then the window that was
 * being read, and all beyond it, are not covered.
 *
 * @param pages parts in `order` of their windows' starts
 */
export const pollParts = async (
  pollId: string,
  pages: AsyncIterable<PartBody[]>,
  order: Order,
  limit: number,
): Promise<PollParts> => {
  const parts: PartBody[] = []
  const starts = new Set<number>()
  let read = 0
  for await (const page of pages)
    for (const part of page) {
      const { start } = part.window
      const found = own(part.polls, pollId) !== undefined
      if (found) starts.add(start)
      if (read === maxPartsRead || starts.size > limit) return { parts, covers: before(start, order) }
      read += 1
      if (found) parts.push(part)
    }
  return { parts, covers: () => true }
}

const before =
  (stop: number, order: Order) =>
  (start: number): boolean =>
    order === 'oldest first' ? start < stop : start > stop
