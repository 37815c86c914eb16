import type { Poll } from '../../ingest/poll.ts'
import { type Heads, pollLine } from '../archive-line.ts'
import type { LedgerStore } from '../ledger-revision.ts'
import { sealLedger } from './ledger-visit.ts'
import type { Outbox } from './outbox.ts'

/** What a poll's last line needs of the count store. */
export type LastLineStore = LedgerStore & {
  /** With its result. */
  readPoll(id: string): Promise<Poll | undefined>
  readHeads(pollId: string): Promise<Heads | undefined>
  /** Unless there are some already. @returns those that are in the table then */
  writeHeads(pollId: string, heads: Heads): Promise<Heads>
  markExported(pollId: string): Promise<void>
}

export type LastLinePorts = {
  store: LastLineStore
  outbox: Pick<Outbox, 'isSent'>
  /** Sends one line to the archive; throws when it was not taken. */
  sendLine: (line: string) => Promise<void>
}

/**
 * Sends the last line of a final poll, once every part up to its heads is sent. The heads are fixed once, before: the
 * parts that are open in its shards are sealed for it, so that everything up to the close markers lies within them.
 *
 * @returns whether it was sent; `false` while parts are still on their way
 */
export const sendLastLine = async (poll: Poll, ports: LastLinePorts): Promise<boolean> => {
  const { store, outbox, sendLine } = ports
  const heads = (await store.readHeads(poll.id)) ?? (await store.writeHeads(poll.id, await seal(poll, store)))
  const sent = await Promise.all(
    Object.entries(heads).map(([shardId, { parts }]) => parts === 0 || outbox.isSent(shardId, parts - 1)),
  )
  if (sent.includes(false)) return false
  const final = await store.readPoll(poll.id)
  if (final === undefined) throw new Error(`poll ${poll.id} was final a moment ago and is gone`)
  await sendLine(pollLine(final, heads))
  await store.markExported(poll.id)
  return true
}

const seal = async ({ shards }: Poll, store: LedgerStore): Promise<Heads> => {
  const heads: Heads = {}
  for (const shardId of shards) {
    const { parts, head } = await sealLedger(shardId, store)
    heads[shardId] = { parts, head }
  }
  return heads
}
