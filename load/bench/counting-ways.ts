import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { aggregateHandler } from '../../aggregators/aggregate-handler.ts'
import type { CountStore } from '../../aggregators/count-store.ts'
import type { KinesisEventRecord, TumblingWindowEvent } from '../../aggregators/kinesis-event.ts'
import type { Ledger } from '../../aggregators/ledger.ts'
import { toLedgerItem } from '../../aggregators/ledger-item.ts'
import { increase } from '../../aggregators/tally.ts'
import type { Poll } from '../../ingest/poll.ts'

/** Votes by option. */
export type Counts = Record<string, number>

/** A way to count a batch's votes for one poll: each call begins anew. */
export type Count = (event: TumblingWindowEvent) => Promise<Counts>

const retentionMs = 24 * 3_600_000

/**
 * The aggregator's handler, in front of a count store that makes the item of every ledger that is put and forgets it.
 * Each batch meets the ledger that an earlier one has left, as in the middle of a window.
 */
export const placarCount = async (poll: Poll, earlier: TumblingWindowEvent): Promise<Count> => {
  const polls = new Map([[poll.id, poll]])
  const store: CountStore = {
    readLedger: async () => undefined,
    putLedger: async (ledger) => toLedgerItem(ledger).ledger.S.length > 0,
    addShard: async () => {},
    writePart: async () => {},
    readPolls: async () => polls,
    joinPoll: async () => poll,
    untilNow: async () => {},
    voidPending: async () => poll,
  }
  const handler = aggregateHandler(store, retentionMs)
  const countsIn = (state: Record<string, unknown>): Counts =>
    (state as { ledger?: Ledger }).ledger?.entries[poll.id]?.counts ?? {}
  const { state } = await handler(earlier)
  const before = countsIn(state)
  return async (event) => {
    const after = countsIn((await handler({ ...event, state })).state)
    return Object.fromEntries(
      Object.entries(after).map(([option, count]) => [option, count - (before[option] ?? 0)]),
    )
  }
}

/** Powertools' processor for asynchronous record handlers, its default, with a plain count behind it. */
export const powertoolsCount =
  ({ id, options }: Poll): Count =>
  async (event) => {
    const known = new Set(options.map((option) => option.id))
    const counts = new Map<string, number>()
    const countRecord = async ({ kinesis }: KinesisEventRecord): Promise<void> => {
      const { v, poll, acceptedAt, n, votes } = envelopeOf(kinesis.data)
      if (
        v !== 1 ||
        poll !== id ||
        !Number.isFinite(acceptedAt) ||
        !Array.isArray(votes) ||
        votes.length !== n
      )
        throw new Error('no votes for this poll')
      for (const { option } of votes) if (known.has(option)) counts.set(option, (counts.get(option) ?? 0) + 1)
    }
    const { batchItemFailures } = await processPartialResponse(
      event,
      countRecord,
      new BatchProcessor(EventType.KinesisDataStreams),
    )
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} records failed`)
    return Object.fromEntries(counts)
  }

/** The floor: every record's base64 and JSON, with nothing checked, folded or kept. @returns votes */
export const readAll = ({ Records }: TumblingWindowEvent): number => {
  let votes = 0
  for (const { kinesis } of Records) votes += envelopeOf(kinesis.data).n
  return votes
}

/** What the floor reads, counted. */
export const plainCount: Count = async ({ Records }) => {
  const counts: Counts = {}
  for (const { kinesis } of Records)
    for (const { option } of envelopeOf(kinesis.data).votes) increase(counts, option, 1)
  return counts
}

type Envelope = { v: number; poll: string; acceptedAt: number; n: number; votes: { option: string }[] }

const envelopeOf = (base64: string): Envelope => JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
