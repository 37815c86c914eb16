import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hourOf } from '../../../../aggregators/audit/archive.ts'
import type { Poll } from '../../../../ingest/poll.ts'
import { aPoll } from '../../../aggregators/arrivals.ts'
import {
  type AnArchive,
  anArchive,
  onDisk,
  recount,
  type Sent,
  sentMarker,
  sentVotes,
} from '../../../aggregators/audit/an-archive.ts'
import { workedExample } from '../../../aggregators/audit/worked-example.ts'
import { athenaRecount, type RecountRow } from './athena-on-duckdb.ts'
import { hostileControls, hostileVotes } from './hostile.ts'

const rowsOf = async (archive: AnArchive): Promise<RecountRow[]> =>
  athenaRecount(await onDisk(archive), archive.poll.id, hourOf(archive.poll.createdAt))

/** Votes by topic and item, those that are not 0. */
const sumsOf = (rows: readonly { topic: string; item: string; votes: number | null }[]) =>
  Object.fromEntries(
    rows.filter(({ votes }) => votes).map(({ topic, item, votes }) => [`${topic} ${item}`, votes]),
  )

const athenaSums = (rows: readonly RecountRow[]) =>
  sumsOf(rows.map(({ recounted, ...row }) => ({ ...row, votes: recounted })))

/** What `npm run audit -- verify` counts from the same raw records. */
const productSums = async (archive: AnArchive) => {
  const { figures } = await recount(archive)
  return sumsOf(
    figures
      .filter(({ topic }) => topic === 'option' || topic === 'rejected')
      .map(({ topic, item, raw }) => ({ topic, item, votes: raw })),
  )
}

const shards = ['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002']
const [first = '', second = '', third = ''] = shards
const late = 'shardId-000000000009'

/** Opens 500 ms behind its creation, closes at a time, and one of its shards has ended without a marker. */
const everyFate = (): AnArchive => {
  const poll: Poll = aPoll({ createdAt: 2000, opensAt: 2500, closesAt: 6000, shards, closedAt: 6000 })
  return anArchive(poll, {
    [first]: [
      sentVotes(1900, ['ana']), // before the poll was made
      sentVotes(2000, ['ana', 'eva']), // not open yet, and an unknown option comes first
      sentVotes(2500, ['ana', 'bia']),
      sentVotes(5999, ['bia'], 'other'),
      sentVotes(5999, ['bia']),
      sentVotes(6000, ['ana', 'eva']),
      sentMarker(6100, poll),
      sentVotes(6150, ['ana']),
      sentMarker(6200, poll),
    ],
    [second]: [sentVotes(3000, ['ana']), sentMarker(6100, poll)],
    [third]: [sentVotes(3000, ['bia']), sentVotes(7000, ['ana'])],
    [late]: [sentVotes(3000, ['ana'])],
  })
}

describe('the saved Athena query', () => {
  it('gives the worked example of docs/audit-format.md as it is published', async () => {
    expect(await rowsOf(workedExample())).toEqual([
      { topic: 'option', item: 'ana', recounted: 1, published: 1, agrees: true },
      { topic: 'option', item: 'bia', recounted: 1, published: 1, agrees: true },
      { topic: 'rejected', item: 'unknown_option', recounted: 1, published: 1, agrees: true },
    ])
  })

  it('counts and rejects by every rule as `verify` does', async () => {
    const archive = everyFate()
    const rows = await rowsOf(archive)
    expect(athenaSums(rows)).toEqual({
      'option ana': 2,
      'option bia': 3,
      'rejected closed': 2,
      'rejected not_open_yet': 1,
      'rejected unknown_option': 2,
    })
    expect(athenaSums(rows)).toEqual(await productSums(archive))
    expect(rows.every(({ agrees }) => agrees)).toBe(true)
  })

  it('counts a line once, however often it was delivered', async () => {
    const archive = everyFate()
    const twice = {
      ...archive,
      votes: [...archive.votes, ...archive.votes],
      windows: [...archive.windows, ...archive.windows],
    }
    expect(await rowsOf(twice)).toEqual(await rowsOf(archive))
  })

  it('names two lines of one name that differ, and counts one of them', async () => {
    const archive = everyFate()
    const changed = (archive.votes[2] ?? '').replace('bia', 'ana')
    const rows = await rowsOf({ ...archive, votes: [...archive.votes, changed] })
    expect(rows).toContainEqual({
      topic: 'line',
      item: 'conflict',
      recounted: 1,
      published: 0,
      agrees: false,
    })
  })

  it('names lines that are no record lines', async () => {
    const archive = everyFate()
    const strange = ['{"v":2,"kind":"record"}\n', '{"v":2,"kind":"record"}\n', '{}\n']
    const rows = await rowsOf({ ...archive, votes: [...archive.votes, ...strange] })
    expect(rows).toContainEqual({
      topic: 'line',
      item: 'unreadable',
      recounted: 3,
      published: 0,
      agrees: false,
    })
  })

  it('does not agree where a vote is missing or added', async () => {
    const archive = everyFate()
    const agree = (rows: readonly RecountRow[]) => rows.every(({ agrees }) => agrees)
    expect(agree(await rowsOf({ ...archive, votes: archive.votes.toSpliced(2, 1) }))).toBe(false)
    const added = (archive.votes[2] ?? '').replace(/"sequenceNumber":"\d+"/, '"sequenceNumber":"9"')
    expect(agree(await rowsOf({ ...archive, votes: [...archive.votes, added] }))).toBe(false)
  })

  it('reads what was delivered in the hour that it is given, or later', async () => {
    const archive = everyFate()
    const folder = await onDisk(archive)
    expect(await athenaRecount(folder, 'final', '2027/06/01/20')).toEqual(await rowsOf(archive))
    expect(await athenaRecount(folder, 'final', '2027/06/01/21')).toEqual([])
  })

  it('gives nothing for a poll without a last line', async () => {
    expect(await athenaRecount(await onDisk(everyFate()), 'other', '2026/01/01/00')).toEqual([])
  })
})

const shard = first

/** Every text votes for an option of its own, so that no two mistakes can make up for each other. */
const anOddArchive = (texts: readonly ((option: string) => string | Buffer)[]): AnArchive => {
  const options = texts.map((_, at) => ({ id: `o${at}`, label: `o${at}` }))
  const poll = aPoll({ createdAt: 1000, opensAt: 1000, shards: [shard], closedAt: 9_000_000, options })
  const sent: Sent[] = [
    ...texts.map((text, at) => ({ data: text(`o${at}`), arrival: 2000 + at })),
    ...hostileControls.map((data, at) => ({ data, arrival: 7_000_000 + at, partitionKey: 'placar-control' })),
    sentVotes(7_500_000, ['o0']),
    sentMarker(8_000_000, poll),
    sentVotes(8_500_000, ['o0']),
  ]
  return anArchive(poll, { [shard]: sent })
}

describe('what a record may hold', () => {
  it('is read by the saved query as by `verify` and the fold, however hostile', async () => {
    const archive = anOddArchive(hostileVotes)
    const sums = athenaSums(await rowsOf(archive))
    expect(sums).toEqual(await productSums(archive))
    expect(sums).toEqual(
      sumsOf([
        ...Object.entries(archive.poll.result.counts).map(([item, votes]) => ({
          topic: 'option',
          item,
          votes,
        })),
        ...Object.entries(archive.poll.result.rejected).map(([item, votes]) => ({
          topic: 'rejected',
          item,
          votes,
        })),
      ]),
    )
  })

  it('names a poll and an option by texts, not by numbers that look alike', async () => {
    const options = ['7', 'true'].map((id) => ({ id, label: id }))
    const poll = aPoll({ id: '5', shards: [shard], closedAt: 9000, options })
    const said = [
      '{"v":1,"poll":5,"acceptedAt":5,"n":1,"votes":[{"option":"7"}]}',
      '{"v":1,"poll":"5","acceptedAt":5,"n":1,"votes":[{"option":7}]}',
      '{"v":1,"poll":"5","acceptedAt":5,"n":1,"votes":[{"option":true}]}',
    ].map((data, at) => ({ data, arrival: 2000 + at }))
    const marker = { arrival: 3000, partitionKey: 'placar-control' }
    const archive = anArchive(poll, {
      [shard]: [
        ...said,
        { ...marker, data: '{"v":1,"control":"close","poll":{"id":5,"shards":[]}}' },
        sentVotes(4000, ['7'], '5'),
        sentMarker(9000, poll),
      ],
    })
    const sums = athenaSums(await rowsOf(archive))
    expect(sums).toEqual({ 'option 7': 1 })
    expect(sums).toEqual(await productSums(archive))
  })

  const snippets = [
    '"',
    '\\',
    ',',
    '{',
    '}',
    '[',
    ']',
    ':',
    '1',
    'e9',
    'null',
    'NaN',
    '\\u0061',
    '\\ud800',
    '\\"',
  ]
  const mutation = fc.record({
    at: fc.nat(80),
    cut: fc.nat(4),
    put: fc.constantFrom('', ' ', '"n":2', '"v":1', '"votes":[]', ...snippets),
  })

  it('is read alike when it is damaged at random', async () => {
    const many = fc.array(fc.array(mutation, { minLength: 1, maxLength: 3 }), {
      minLength: 100,
      maxLength: 100,
    })
    const property = fc.asyncProperty(many, async (damages) => {
      const texts = damages.map((mutations) => (option: string) => {
        const whole = `{"v":1,"poll":"final","acceptedAt":5,"n":1,"votes":[{"option":"${option}"}]}`
        return mutations.reduce((text, { at, cut, put }) => {
          const from = at % (text.length + 1)
          return text.slice(0, from) + put + text.slice(from + cut)
        }, whole)
      })
      const archive = anOddArchive(texts)
      expect(athenaSums(await rowsOf(archive))).toEqual(await productSums(archive))
    })
    await fc.assert(property, { numRuns: 6, endOnFailure: true })
  }, 120_000)
})
