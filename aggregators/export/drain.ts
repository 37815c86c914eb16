import type { SealedPart } from '../part.ts'
import type { Outbox } from './outbox.ts'
import type { WindowSink } from './window-sink.ts'

/** Marks are single writes; so many go at once. */
const marksAtOnce = 16

/** Parts that are sent before they are marked: a run that is cut off repeats no more than these. */
const slice = 100

/**
 * Sends what lies in a sink's outbox, every shard in the order of its chain: a part goes only when the one before it is
 * marked sent. A part may go twice, when a crash comes before its mark.
 *
 * @returns how many parts were sent. Throws when the sink is down, or takes only some.
 */
export const drain = async (outbox: Outbox, sink: WindowSink, hasTime: () => boolean): Promise<number> => {
  const sentUpTo = new Map<string, number>()
  let sent = 0
  for await (const page of outbox.unsent()) {
    const ready = await nextInChain(page, sentUpTo, outbox)
    for (let at = 0; at < ready.length; at += slice) {
      if (!hasTime()) return sent
      const parts = ready.slice(at, at + slice)
      const taken = await sink.send(parts)
      await mark(taken, outbox)
      for (const { shardId, number } of taken) sentUpTo.set(shardId, number)
      sent += taken.length
      if (taken.length < parts.length)
        throw new Error(`${sink.name} took ${taken.length} of ${parts.length} parts; the rest is tried again`)
    }
  }
  return sent
}

/** Those parts of a page that go on where their shard's chain has been sent to. */
const nextInChain = async (
  page: readonly SealedPart[],
  sentUpTo: ReadonlyMap<string, number>,
  outbox: Outbox,
): Promise<SealedPart[]> => {
  const ready: SealedPart[] = []
  /** The number that each shard goes on with, in this page. */
  const next = new Map([...sentUpTo].map(([shardId, number]) => [shardId, number + 1]))
  for (const part of page) {
    const { shardId, number } = part
    if (!next.has(shardId)) {
      const isNext = number === 0 || (await outbox.isSent(shardId, number - 1))
      next.set(shardId, isNext ? number : Number.NaN)
    }
    if (next.get(shardId) !== number) continue
    next.set(shardId, number + 1)
    ready.push(part)
  }
  return ready
}

const mark = async (parts: readonly SealedPart[], outbox: Outbox): Promise<void> => {
  for (let at = 0; at < parts.length; at += marksAtOnce)
    await Promise.all(parts.slice(at, at + marksAtOnce).map((part) => outbox.markSent(part)))
}
