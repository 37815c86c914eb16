import { createHash } from 'node:crypto'
import type { ArrivedRecord } from '../../aggregators/evolve.ts'
import { emptyLedger, type Ledger } from '../../aggregators/ledger.ts'
import { frameOf } from '../../aggregators/record-frame.ts'
import { readRecord, writeEnvelope, writeMarker } from '../../ingest/envelope.ts'
import { controlKey } from '../../ingest/partition-key.ts'
import type { Poll } from '../../ingest/poll.ts'

/** Factories of what tests fold: a poll, records as they arrive, an empty ledger. */
export const aPoll = (changes: Partial<Poll> = {}): Poll => ({
  id: 'final',
  title: 'Final',
  options: [
    { id: 'ana', label: 'Ana' },
    { id: 'bia', label: 'Bia' },
  ],
  createdAt: 1000,
  opensAt: 1000,
  closesAt: null,
  shards: [],
  ...changes,
})

export const shardId = 'shardId-000000000000'
export const aLedger = (changes: Partial<Ledger> = {}): Ledger => ({ ...emptyLedger(shardId), ...changes })

export const sequenceAt = (at: number): string => `49${String(at).padStart(54, '0')}`

/** `at` is both the order in the shard and, unless told otherwise, the arrival in ms. */
export const aRecord = (at: number, body: ArrivedRecord['body'], arrival = at): ArrivedRecord => {
  const sequenceNumber = sequenceAt(at)
  const data = Buffer.from(JSON.stringify(body)).toString('latin1')
  return { sequenceNumber, arrival, partitionKey: 'v-x', data, body }
}

/** The digest of these records, in this order, computed anew. */
export const digestOf = (records: readonly ArrivedRecord[], runs: readonly number[]): string => {
  let rest = records.map((record) => Buffer.from(frameOf(record), 'latin1'))
  return runs.reduce((digest, run) => {
    const taken = rest.slice(0, run)
    rest = rest.slice(run)
    return createHash('sha256')
      .update(Buffer.concat([Buffer.from(digest), ...taken]))
      .digest('hex')
  }, '')
}

export const votes = (at: number, options: readonly string[], poll = 'final', arrival = at): ArrivedRecord =>
  aRecord(
    at,
    readRecord(
      'v-x',
      writeEnvelope(
        poll,
        arrival,
        options.map((option) => ({ option })),
      ),
    ),
    arrival,
  )

export const vote = (at: number, option = 'ana', poll = 'final', arrival = at): ArrivedRecord =>
  votes(at, [option], poll, arrival)

export const marker = (at: number, poll: Poll): ArrivedRecord =>
  aRecord(at, readRecord(controlKey, writeMarker(poll)))

export const unreadable = (at: number): ArrivedRecord => aRecord(at, readRecord('v-x', '{'))

export const defined = (...polls: Poll[]): ReadonlyMap<string, Poll> =>
  new Map(polls.map((poll) => [poll.id, poll]))
