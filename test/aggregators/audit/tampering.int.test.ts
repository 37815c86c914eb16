import { describe, expect, it } from 'vitest'
import { partLine, pollLine, type RecordLine } from '../../../aggregators/archive-line.ts'
import type { Finding } from '../../../aggregators/audit/finding.ts'
import { sentence } from '../../../aggregators/audit/sentence.ts'
import type { Verification } from '../../../aggregators/audit/verification.ts'
import { readPart, type SealedPart, sealPart } from '../../../aggregators/part.ts'
import { writeEnvelope, writeMarker } from '../../../ingest/envelope.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import { aPoll } from '../arrivals.ts'
import { type AnArchive, anArchive, recount, sentMarker, sentVotes } from './an-archive.ts'

const first = 'shardId-000000000000'
const second = 'shardId-000000000001'
const poll = aPoll({ createdAt: 1000, opensAt: 1000, shards: [first, second], closedAt: 5500 })

/** Four parts in each shard, of two records but the last, which holds the marker alone. */
const honest = (): AnArchive =>
  anArchive(poll, {
    [first]: [
      ...[2000, 2500, 3000, 3500, 4000, 4500].map((at) => sentVotes(at, ['ana', 'bia', 'ana'])),
      sentMarker(6000, poll),
    ],
    [second]: [
      ...[2000, 2500, 3000, 3500, 4000, 4500].map((at) => sentVotes(at, ['bia'])),
      sentMarker(6000, poll),
    ],
  })

/** Findings with only what a test asks of them. */
const brief = ({ disagreements }: Verification, topic: Finding['topic']) =>
  disagreements
    .filter((one) => one.topic === topic)
    .map(({ shard, part, sequenceNumber, item, raw, parts, board, found, expected }) =>
      Object.fromEntries(
        Object.entries({ shard, part, sequenceNumber, item, raw, parts, board, found, expected }).filter(
          ([, value]) => value !== null,
        ),
      ),
    )
const topics = ({ disagreements }: Verification) =>
  [...new Set(disagreements.map(({ topic }) => topic))].sort()

/** `undefined` leaves a field out. */
type Changes = { [Field in keyof RecordLine]?: RecordLine[Field] | undefined }

/** The first shard's record at a position, changed. */
const withLine = (archive: AnArchive, at: number, changes: Changes): AnArchive => ({
  ...archive,
  votes: archive.votes.map((line, index) =>
    index === at ? `${JSON.stringify({ ...JSON.parse(line), ...changes })}\n` : line,
  ),
})
const numberAt = (archive: AnArchive, at: number): string => archive.records[at]?.sequenceNumber ?? ''
const lineAt = (lines: readonly string[], at: number): string => lines[at] ?? ''
const withParts = (archive: AnArchive, parts: readonly SealedPart[]): AnArchive => ({
  ...archive,
  windows: [...parts.map(partLine), ...archive.windows.slice(archive.parts.length)],
})

it('untouched, it agrees', async () => {
  const { verdict, figures } = await recount(honest())
  expect(verdict).toBe('agrees')
  expect(figures.filter(({ topic }) => topic === 'option').map(({ item, raw }) => [item, raw])).toEqual(
    expect.arrayContaining([
      ['ana', 12],
      ['bia', 12],
    ]),
  )
})

describe('raw records', () => {
  it("one vote's option changed: the part and both options are named", async () => {
    const changed = withLine(honest(), 2, {
      data: writeEnvelope(
        'final',
        2990,
        ['ana', 'bia', 'bia'].map((option) => ({ option })),
      ),
    })
    const verification = await recount(changed)
    expect(verification.verdict).toBe('disagrees')
    expect(topics(verification)).toEqual(['part_digest', 'part_option', 'total'])
    expect(brief(verification, 'part_option')).toEqual(
      expect.arrayContaining([
        { shard: first, part: 1, item: 'ana', raw: 3, parts: 4 },
        { shard: first, part: 1, item: 'bia', raw: 3, parts: 2 },
      ]),
    )
  })

  it.each([
    ['voterId', (line: RecordLine) => ({ data: line.data.replace('"voter-1"', '"voter-2"') })],
    ['voteId', (line: RecordLine) => ({ data: line.data.replace('"vote-1"', '"vote-2"') })],
    ['castAt', (line: RecordLine) => ({ data: line.data.replace('"castAt":2400', '"castAt":2401') })],
    [
      'acceptedAt',
      (line: RecordLine) => ({ data: line.data.replace('"acceptedAt":2490', '"acceptedAt":0') }),
    ],
    ['partition key', () => ({ partitionKey: 'v-other' })],
    ['arrival, by a millisecond', (line: RecordLine) => ({ arrival: line.arrival + 1 })],
    ['base64', () => ({ base64: 'e30=' })],
  ])("one record's %s changed, which decides nothing: its part is named", async (_, change) => {
    const data = writeEnvelope('final', 2490, [
      { option: 'ana', voteId: 'vote-1', voterId: 'voter-1', castAt: 2400 },
    ])
    const archive = anArchive(poll, {
      [first]: [
        sentVotes(2000, ['ana']),
        { arrival: 2500, data },
        sentVotes(3000, ['bia']),
        sentMarker(6000, poll),
      ],
      [second]: [sentMarker(6000, poll)],
    })
    expect((await recount(archive)).verdict).toBe('agrees')
    const verification = await recount(withLine(archive, 1, change(JSON.parse(lineAt(archive.votes, 1)))))
    expect(verification.verdict).toBe('disagrees')
    expect(topics(verification)).toEqual(['part_digest'])
    const [part] = archive.parts
    expect(brief(verification, 'part_digest')).toEqual([
      {
        shard: first,
        part: 0,
        found: expect.stringMatching(/^[0-9a-f]{64}$/),
        expected: part && readPart(part).digest,
      },
    ])
  })

  it.each([
    ['bytes', { base64: Buffer.from([0x7b, 0xfe]).toString('base64') }],
    ['text, which is no longer what its bytes read as', { data: '|\ufffd' }],
    ['bytes left out', { base64: undefined }],
  ])('a record that is no UTF-8, its %s changed: its part is named', async (_, changes) => {
    const sent = [
      sentVotes(2000, ['ana']),
      { arrival: 2500, data: Buffer.from([0x7b, 0xff]) },
      sentMarker(6000, poll),
    ]
    const archive = anArchive(poll, { [first]: sent, [second]: [sentMarker(6000, poll)] })
    expect((await recount(archive)).verdict).toBe('agrees')
    expect(topics(await recount(withLine(archive, 1, changes)))).toEqual(['part_digest'])
  })

  it("two records' numbers exchanged, with the same votes in both: the part is named", async () => {
    const archive = honest()
    const swapped = withLine(withLine(archive, 0, { sequenceNumber: numberAt(archive, 1) }), 1, {
      sequenceNumber: numberAt(archive, 0),
    })
    expect(topics(await recount(swapped))).toEqual(['part_digest'])
  })

  it('a number that is none, in the place of one: the part is named', async () => {
    const archive = anArchive(poll, {
      [first]: ['800', '805', '810'].map((sequenceNumber, at) => ({
        ...sentVotes(2000 + at * 100, ['ana']),
        sequenceNumber,
      })),
    })
    // As text it lies between the first and the last, so that all sums are right.
    const verification = await recount(withLine(archive, 1, { sequenceNumber: '80x' }))
    expect(topics(verification)).toEqual(['part_digest'])
  })

  it('one raw line removed: the part is named, and the record where it was the first or the last of it', async () => {
    const archive = honest()
    const verification = await recount({ ...archive, votes: archive.votes.toSpliced(2, 1) })
    expect(verification.verdict).toBe('disagrees')
    expect(brief(verification, 'record_missing')).toEqual([
      { shard: first, part: 1, sequenceNumber: numberAt(archive, 2), item: 'first' },
    ])
    expect(brief(verification, 'part_figure')).toEqual(
      expect.arrayContaining([{ shard: first, part: 1, item: 'records', raw: 1, parts: 2 }]),
    )
  })

  it('one invented line added within a part: the part is named', async () => {
    const archive = honest()
    const invented = { ...JSON.parse(lineAt(archive.votes, 7)), sequenceNumber: '85' }
    const between = await recount({ ...archive, votes: [...archive.votes, `${JSON.stringify(invented)}\n`] })
    expect(between.verdict).toBe('disagrees')
    expect(brief(between, 'part_figure')).toEqual(
      expect.arrayContaining([{ shard: second, part: 0, item: 'records', raw: 3, parts: 2 }]),
    )
    expect(brief(between, 'part_option')).toEqual([{ shard: second, part: 0, item: 'bia', raw: 3, parts: 2 }])
  })

  it('one invented line added between two parts, or before the first: the record is named', async () => {
    const archive = honest()
    for (const sequenceNumber of ['95', '7']) {
      const invented = { ...JSON.parse(lineAt(archive.votes, 7)), sequenceNumber }
      const verification = await recount({
        ...archive,
        votes: [...archive.votes, `${JSON.stringify(invented)}\n`],
      })
      expect(verification.verdict).toBe('disagrees')
      expect(brief(verification, 'record_outside')).toEqual([{ shard: second, sequenceNumber, raw: 1 }])
    }
  })

  it('one line repeated is harmless', async () => {
    const archive = honest()
    expect((await recount({ ...archive, votes: [...archive.votes, lineAt(archive.votes, 3)] })).verdict).toBe(
      'agrees',
    )
  })

  it('a second line for the same record that differs: the record is named', async () => {
    const archive = honest()
    const other = { ...JSON.parse(lineAt(archive.votes, 3)), partitionKey: 'v-other' }
    const verification = await recount({
      ...archive,
      votes: [...archive.votes, `${JSON.stringify(other)}\n`],
    })
    expect(brief(verification, 'record_conflict')).toEqual([
      { shard: first, part: 1, sequenceNumber: numberAt(archive, 3), raw: 1 },
    ])
  })

  it('a line that is no JSON, or no record: the file is named', async () => {
    const archive = honest()
    const verification = await recount({
      ...archive,
      votes: [...archive.votes, '{"v":1,"ki\n', '{"v":1,"kind":"vote"}\n'],
    })
    expect(brief(verification, 'unreadable_line')).toEqual([
      { item: expect.stringMatching(/votes\/.*\.gz$/), raw: 2 },
    ])
  })
})

describe('markers', () => {
  const forged = JSON.stringify({ v: 1, control: 'close', poll })

  it('a forged marker in a body, really sent, is malformed and agrees', async () => {
    const archive = anArchive(poll, {
      [first]: [
        sentVotes(2000, ['ana']),
        { arrival: 2100, data: forged },
        sentVotes(2200, ['ana']),
        sentMarker(6000, poll),
      ],
      [second]: [sentMarker(6000, poll)],
    })
    expect(archive.poll.result.counts).toEqual({ ana: 2 })
    const { verdict, figures } = await recount(archive)
    expect(verdict).toBe('agrees')
    expect(figures).toContainEqual(expect.objectContaining({ item: 'malformed', raw: 1, parts: 1 }))
  })

  it('a line altered into a marker: the votes behind it are missed, and their parts named', async () => {
    const verification = await recount(
      withLine(honest(), 0, { data: writeMarker(poll), partitionKey: controlKey }),
    )
    expect(verification.verdict).toBe('disagrees')
    expect(brief(verification, 'part_option')).toEqual(
      expect.arrayContaining([
        { shard: first, part: 0, item: 'ana', raw: 0, parts: 4 },
        { shard: first, part: 2, item: 'bia', raw: 0, parts: 2 },
      ]),
    )
    expect(brief(verification, 'part_figure')).toContainEqual({
      shard: first,
      part: 0,
      item: 'votes',
      raw: 3,
      parts: 6,
    })
  })
})

describe('parts', () => {
  it('a part altered: its hash no longer fits', async () => {
    const archive = honest()
    const [altered, ...others] = archive.parts
    if (altered === undefined) throw new Error('no part')
    const bytes = altered.bytes.replace('"ana":4', '"ana":5')
    const verification = await recount(withParts(archive, [{ ...altered, bytes }, ...others]))
    expect(brief(verification, 'part_hash')).toMatchObject([{ shard: first, part: 0, found: altered.hash }])
    expect(brief(verification, 'part_option')).toEqual([
      { shard: first, part: 0, item: 'ana', raw: 4, parts: 5 },
    ])
  })

  it('a part altered and the whole chain behind it forged anew: the head no longer fits', async () => {
    const archive = honest()
    const head = archive.heads[first]?.head
    let previous = '0'.repeat(64)
    const forged = archive.parts.map((part) => {
      if (part.shardId !== first) return part
      const { v: _v, shardId: _s, part: number, ...body } = readPart(part)
      if (number === 0) body.polls.final = { counts: { ana: 5, bia: 1 }, rejected: {} }
      const sealed = sealPart(first, number, previous, body)
      previous = sealed.hash
      return sealed
    })
    const verification = await recount(withParts(archive, forged))
    expect(topics(verification)).toEqual(['head', 'part_option', 'total'])
    expect(brief(verification, 'head')).toEqual([{ shard: first, part: 3, found: previous, expected: head }])
  })

  it.each([
    ['cut otherwise, the head as well: its digest no longer fits', [1, 1], ['part_digest']],
    ['that are too many', [2, 1], ['part_runs']],
    ['that hold an empty one', [2, 0], ['part_runs']],
    ['that are none, as an older Placar wrote it', undefined, ['part_runs']],
  ])('a part with runs %s', async (_, runs, expectedTopics) => {
    const archive = honest()
    let previous = '0'.repeat(64)
    const forged = archive.parts.map((part) => {
      if (part.shardId !== first) return part
      const { v: _v, shardId: _s, part: number, ...body } = readPart(part)
      const changed = number === 1 ? { ...body, runs } : body
      const sealed = sealPart(first, number, previous, changed as typeof body)
      previous = sealed.hash
      return sealed
    })
    const heads = { ...archive.heads, [first]: { parts: 4, head: previous } }
    const windows = [...forged.map(partLine), pollLine(archive.poll, heads)]
    const verification = await recount({ ...archive, windows, heads })
    expect(topics(verification)).toEqual(expectedTopics)
    expect(verification.disagreements).toMatchObject([{ shard: first, part: 1 }])
    if (runs === undefined)
      expect(verification.disagreements.map(sentence)).toEqual([
        `shard ${first}, part 1: was written by an older Placar, which kept no runs; its records cannot be checked`,
      ])
  })

  it('a part removed from the middle: its number and the records without a part are named', async () => {
    const archive = honest()
    const verification = await recount(withParts(archive, archive.parts.toSpliced(1, 1)))
    expect(verification.verdict).toBe('disagrees')
    expect(brief(verification, 'part_hole')).toEqual([{ shard: first, part: 1, found: '1' }])
    expect(brief(verification, 'record_outside')).toEqual([
      { shard: first, sequenceNumber: numberAt(archive, 2), raw: 2 },
    ])
  })

  it('the last part removed: not complete, the part is named', async () => {
    const archive = honest()
    const verification = await recount(withParts(archive, archive.parts.toSpliced(3, 1)))
    expect(verification.verdict).toBe('incomplete')
    expect(verification.missing).toMatchObject([{ topic: 'part_tail', shard: first, part: 3, found: '3' }])
  })

  it('two parts swapped: both are named', async () => {
    const archive = honest()
    const swapped = archive.parts.map((part) => {
      const other = archive.parts.find(
        ({ shardId, number }) => shardId === part.shardId && number === 3 - part.number,
      )
      return part.shardId === first && (part.number === 1 || part.number === 2) && other !== undefined
        ? { ...other, number: part.number }
        : part
    })
    const verification = await recount(withParts(archive, swapped))
    expect(verification.verdict).toBe('disagrees')
    expect(brief(verification, 'part_label')).toEqual([
      { shard: first, part: 1, found: `${first} 2`, expected: `${first} 1` },
      { shard: first, part: 2, found: `${first} 1`, expected: `${first} 2` },
    ])
    expect(brief(verification, 'part_previous').map(({ part }) => part)).toEqual([1, 2, 3])
  })

  it('a second line for the same part that differs: the part is named, and the chain goes on with the one that fits', async () => {
    const archive = honest()
    const [one] = archive.parts
    if (one === undefined) throw new Error('no part')
    const verification = await recount(
      withParts(archive, [...archive.parts, { ...one, hash: '0'.repeat(64) }]),
    )
    expect(topics(verification)).toEqual(['part_conflict'])
    expect(brief(verification, 'part_conflict')).toEqual([{ shard: first, part: 0 }])
  })

  it('bytes that are no part: the part is named', async () => {
    const archive = honest()
    const [one, ...others] = archive.parts
    if (one === undefined) throw new Error('no part')
    const verification = await recount(withParts(archive, [{ ...one, bytes: '{"v":1,' }, ...others]))
    expect(brief(verification, 'part_body')).toEqual([{ shard: first, part: 0 }])
  })
})

describe('the result', () => {
  it('a total changed in the table: the option, and the last line that says otherwise', async () => {
    const archive = honest()
    const changed = { ...archive.poll, result: { ...archive.poll.result, counts: { ana: 13, bia: 12 } } }
    const verification = await recount(archive, { poll: changed })
    expect(topics(verification)).toEqual(['poll_line', 'total'])
    expect(brief(verification, 'total')).toEqual([
      { item: 'ana', raw: 12, parts: 12, board: 13, found: 'option' },
    ])
    expect(brief(verification, 'poll_line')).toMatchObject([{ item: 'result.counts' }])
  })

  it("a shard's share changed in the table: the shard is named", async () => {
    const archive = honest()
    const { result } = archive.poll
    const shards = { ...result.shards, [second]: { counted: 5, rejected: 0 } }
    const verification = await recount(archive, { poll: { ...archive.poll, result: { ...result, shards } } })
    expect(brief(verification, 'total')).toEqual([
      { shard: second, item: 'counted', raw: 6, parts: 6, board: 5, found: 'shard' },
    ])
  })

  it('a ledger that has gone back, or stands on another hash at the head: the shard is named', async () => {
    const archive = honest()
    const ledgers = {
      [first]: { parts: 4, head: 'f'.repeat(64) },
      [second]: { parts: 3, head: 'f'.repeat(64) },
    }
    const verification = await recount(archive, { ledgers })
    expect(brief(verification, 'ledger').map(({ shard }) => shard)).toEqual([first, second])
    const further = { [first]: { parts: 5, head: 'f'.repeat(64) }, [second]: archive.heads[second] }
    expect((await recount(archive, { ledgers: further })).verdict).toBe('agrees')
  })

  it('a certificate with another head or total: the item is named', async () => {
    const archive = honest()
    const { heads, poll: final } = archive
    const certificate = {
      poll: { id: final.id, title: 'Another' },
      result: { ...final.result, counts: { ana: 1 } },
      heads: { ...heads, [first]: { parts: 1, head: '' } },
    }
    const verification = await recount(archive, { certificate })
    expect(brief(verification, 'certificate').map(({ item }) => item)).toEqual([
      'poll.title',
      'result.counts',
      `heads.${first}`,
    ])
  })
})

describe('not complete yet', () => {
  it('the last raw record of a shard is not there, and nothing behind it', async () => {
    const archive = honest()
    const verification = await recount({ ...archive, votes: archive.votes.slice(0, -1) })
    expect(verification.verdict).toBe('incomplete')
    expect(verification.missing).toMatchObject([
      { topic: 'tail', shard: second, part: 3, sequenceNumber: archive.records.at(-1)?.sequenceNumber },
    ])
  })

  it('no raw record of any shard is there', async () => {
    const { verdict, missing } = await recount({ ...honest(), votes: [] })
    expect(verdict).toBe('incomplete')
    expect(missing.map(({ topic, shard }) => [topic, shard]).sort()).toEqual([
      ['tail', first],
      ['tail', second],
    ])
  })

  it('what has arrived is compared all the same', async () => {
    const archive = withLine(honest(), 0, { data: '{' })
    const verification = await recount({ ...archive, votes: archive.votes.slice(0, -1) })
    expect(verification.verdict).toBe('disagrees')
    expect(verification.missing).toHaveLength(1)
  })

  it('the last line is not there: with heads from elsewhere all is compared, without them nothing', async () => {
    const archive = honest()
    const windows = archive.windows.slice(0, -1)
    for (const heads of [archive.heads, undefined]) {
      const { verdict, missing, figures } = await recount({ ...archive, windows }, { heads })
      expect(verdict).toBe('incomplete')
      expect(missing).toMatchObject([{ topic: 'poll_line_missing', item: 'final' }])
      expect(figures.length > 0).toBe(heads !== undefined)
    }
  })
})
