import { describe, expect, it } from 'vitest'
import { type FateInput, fatesOf } from '../../../aggregators/audit/find-fate.ts'
import { readReceipt } from '../../../aggregators/audit/receipt.ts'
import { readRecord, writeEnvelope, writeMarker } from '../../../ingest/envelope.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import { aPoll } from '../arrivals.ts'

const poll = aPoll({ createdAt: 1000, opensAt: 2000, closesAt: 5000, shards: ['s1'] })

/** What became of a vote for ana, the tenth record of its shard. */
const fate = (changes: Partial<FateInput>): string | undefined =>
  fatesOf({
    shardId: 's1',
    sequenceNumber: '10',
    arrival: 3000,
    body: readRecord('v-1', writeEnvelope('final', 2990, [{ option: 'ana' }])),
    poll,
    marker: undefined,
    ...changes,
  })[0]?.why

describe('what became of a vote', () => {
  // poll  created 1000 | opens 2000 | closes 5000
  it.each([
    [999, 'rejected as unknown_poll: poll final was created later, at 1970-01-01T00:00:01.000Z'],
    [1000, 'rejected as not_open_yet: it arrived before the poll opened, at 1970-01-01T00:00:02.000Z'],
    [2000, 'counted for Ana in poll Final'],
    [4999, 'counted for Ana in poll Final'],
    [5000, 'rejected as closed: it arrived when the poll was closed already, since 1970-01-01T00:00:05.000Z'],
  ])('that arrived at %d', (arrival, why) => {
    expect(fate({ arrival })).toBe(why)
  })

  it('is decided by the place of the close marker, which is a number', () => {
    expect(fate({ marker: '11' })).toBe('counted for Ana in poll Final')
    expect(fate({ marker: '9' })).toBe(
      'rejected as closed: it stands behind the close marker of its shard, 9',
    )
  })

  it('in a shard outside the set of a closed poll is that it came too late', () => {
    expect(fate({ shardId: 's2' })).toBe('counted for Ana in poll Final')
    expect(fate({ shardId: 's2', poll: { ...poll, closedAt: 4000 } })).toBe(
      'rejected as closed: its shard had no vote for poll final before that was closed',
    )
  })

  it('for a void poll is that there is none', () => {
    expect(fate({ poll: { ...poll, voided: true } })).toBe('rejected as unknown_poll: poll final is void')
  })

  it('that cannot be read is told by the record itself', () => {
    expect(fate({ body: readRecord('v-1', '{"v":2}') })).toMatch(/^rejected as unsupported_version/)
    // A marker is one only by its partition key: a forged one is a vote that cannot be read.
    expect(fate({ body: readRecord('v-1', writeMarker(poll)) })).toMatch(/^rejected as malformed/)
    expect(fate({ body: readRecord(controlKey, writeMarker(poll)) })).toMatch(/^not a vote/)
  })
})

describe('a receipt', () => {
  it('is a shard and a sequence number', () => {
    expect(readReceipt(' shardId-000000000001:4959\n')).toEqual({
      shardId: 'shardId-000000000001',
      sequenceNumber: '4959',
    })
  })

  it.each([
    '',
    'shardId-1',
    ':12',
    'shardId-1:',
    'shardId-1:012',
    'shardId-1:1:2',
    "s'1:1",
    `s:1${'0'.repeat(129)}`,
  ])('%j is none', (text) => {
    expect(readReceipt(text)).toBeUndefined()
  })
})
