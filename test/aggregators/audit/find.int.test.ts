import { describe, expect, it } from 'vitest'
import { partLine, recordLine } from '../../../aggregators/archive-line.ts'
import { folderArchive } from '../../../aggregators/audit/archive.ts'
import { type AskInstance, find } from '../../../aggregators/audit/find.ts'
import { checksOf } from '../../../aggregators/audit/find-checks.ts'
import type { Sought } from '../../../aggregators/audit/find-records.ts'
import { genesisHash, partHash, readPart, sealPart } from '../../../aggregators/part.ts'
import { writeEnvelope } from '../../../ingest/envelope.ts'
import { aPoll } from '../arrivals.ts'
import { type AnArchive, anArchive, onDisk, type Sent, sentMarker, sentVotes } from './an-archive.ts'

const from = 1_790_000_000_000

const poll = aPoll({ createdAt: from, opensAt: from + 100, closedAt: from + 5000, shards: ['s0', 's1'] })

const withIds = (arrival: number, ids: readonly string[]): Sent => ({
  arrival,
  data: writeEnvelope(
    'final',
    arrival - 10,
    ids.map((voteId, at) => ({ option: at % 2 === 0 ? 'ana' : 'bia', voteId })),
  ),
})

// windows of shard s1  | 0: ana | 1: bia, batch | 2: – | 3: nobody | 5: marker, late |
const archive = (): AnArchive =>
  anArchive(poll, {
    s0: [sentVotes(from + 200, ['ana']), sentMarker(from + 5000, poll)],
    s1: [
      sentVotes(from + 50, ['ana']),
      sentVotes(from + 200, ['ana']),
      sentVotes(from + 1200, ['bia']),
      withIds(from + 1300, ['v-1', 'v-2', 'v-1']),
      sentVotes(from + 3000, ['nobody']),
      sentMarker(from + 5000, poll),
      withIds(from + 6100, ['v-1']),
      sentVotes(from + 6200, ['ana'], 'other'),
      { arrival: from + 6300, data: '{' },
    ],
  })

const unavailable: AskInstance = async () => 'unavailable'

const look = async (
  { votes, windows }: Pick<AnArchive, 'votes' | 'windows'>,
  sought: Sought,
  ask: AskInstance = unavailable,
) => find(folderArchive(await onDisk({ votes, windows })), sought, ask)

const receipt = (one: AnArchive, arrival: number): Sought => {
  const record = one.records.find((candidate) => candidate.shardId === 's1' && candidate.arrival === arrival)
  if (record === undefined) throw new Error(`no record arrived at ${arrival}`)
  return { receipt: record }
}

const failed = (result: Awaited<ReturnType<typeof find>>): string[] =>
  result.records
    .flatMap(checksOf)
    .filter(({ holds }) => !holds)
    .map(({ says }) => says)

describe('a receipt', () => {
  it.each([
    [50, 'rejected as not_open_yet: it arrived before the poll opened, at 2026-09-21T14:13:20.100Z'],
    [200, 'counted for Ana in poll Final'],
    [1200, 'counted for Bia in poll Final'],
    [3000, 'rejected as unknown_option: poll final has no option nobody'],
    [5000, 'not a vote: it is the marker that closed poll final in this shard'],
    [6100, 'rejected as closed: it stands behind the close marker of its shard, 131'],
    [6300, 'rejected as malformed: its bytes cannot be read as votes'],
  ])('leads to the record that arrived after %d ms, and to what became of it', async (ms, why) => {
    const one = archive()
    const result = await look(one, receipt(one, from + ms))
    expect(result.total).toBe(1)
    expect(result.records[0]?.fates[0]?.why).toBe(why)
    expect(failed(result)).toEqual([])
  })

  it('leads to the part that counted it and along the chain to the published head', async () => {
    const one = archive()
    const { records } = await look(one, receipt(one, from + 1300))
    expect(records[0]?.fates.map(({ outcome }) => outcome)).toEqual([
      { option: 'ana' },
      { option: 'bia' },
      { option: 'ana' },
    ])
    expect(records[0]?.place).toMatchObject({
      number: 1,
      body: { part: 1, records: 2, polls: { final: { counts: { ana: 2, bia: 2 } } } },
      until: { number: 3, hash: one.heads.s1?.head },
      broken: undefined,
    })
    expect(records[0] && checksOf(records[0]).map(({ says }) => says)).toEqual([
      'the archive has one version of the record',
      'the part’s bytes name its shard and its number',
      'the record’s sequence number lies within the part’s range',
      'the part’s sums have room for every vote of the record',
      'SHA-256 over the previous hash and the part’s bytes is the part’s hash',
      'the 2 parts up to 3 are chained to it, link by link',
      'the hash of part 3 is the head that the poll’s last line publishes for the shard',
    ])
  })

  it('is found in an archive that has every line twice', async () => {
    const { votes, windows, ...rest } = archive()
    const twice = { ...rest, votes: [...votes, ...votes], windows: [...windows, ...windows] }
    const result = await look(twice, receipt(twice, from + 200))
    expect([result.total, failed(result)]).toEqual([1, []])
  })

  it('of a poll that nobody has defined is rejected as unknown_poll, once all polls can be asked', async () => {
    const one = archive()
    const why = async (ask: AskInstance) =>
      (await look(one, receipt(one, from + 6200), ask)).records[0]?.fates[0]?.why
    expect(await why(async () => 'unknown')).toBe('rejected as unknown_poll: there is no poll other')
    expect(await why(unavailable)).toContain('not to be told yet')
  })

  it('that is not there is answered with how far the archive reaches in its shard', async () => {
    const one = archive()
    const lost = (shardId: string, sequenceNumber: string) =>
      look(one, { receipt: { shardId, sequenceNumber } })
    expect(await lost('s1', '999')).toEqual({
      records: [],
      total: 0,
      reach: { oldest: '81', newest: '161', newestArrival: from + 6300 },
    })
    expect((await lost('s9', '81')).reach).toBeUndefined()
  })
})

describe('a vote id', () => {
  it('leads to every record that carries it, by arrival, and to which of its votes do', async () => {
    const one = archive()
    const { records, total } = await look(one, { voteId: 'v-1' })
    expect(total).toBe(2)
    expect(records.map(({ positions }) => positions)).toEqual([[0, 2], [0]])
    expect(records.map(({ fates }) => fates[0]?.outcome)).toEqual([{ option: 'ana' }, { reason: 'closed' }])
  })

  it('that many records carry shows the first twenty, and how many there are', async () => {
    const one = anArchive(poll, {
      s0: Array.from({ length: 23 }, (_, at) => withIds(from + 200 + at, ['mine'])),
    })
    const { records, total } = await look(one, { voteId: 'mine' })
    expect(total).toBe(23)
    expect(records.map(({ record }) => record.arrival - from - 200)).toEqual([...Array(20).keys()])
  })

  it('is not found in other fields, nor as a part of another id', async () => {
    const one = archive()
    expect((await look(one, { voteId: 'v-' })).total).toBe(0)
    expect((await look(one, { voteId: 'ana' })).total).toBe(0)
  })
})

describe('something that does not hold is named:', () => {
  /** Of shard s1. */
  const parts = (one: AnArchive) => one.parts.filter(({ shardId }) => shardId === 's1')
  const lastLine = (one: AnArchive) => one.windows.slice(-1)

  it('a part that says something else than what its hash was made of', async () => {
    const one = archive()
    const windows = one.windows.map((line) => line.replace('\\"ana\\":2', '\\"ana\\":9'))
    expect(failed(await look({ ...one, windows }, receipt(one, from + 1200)))).toEqual([
      expect.stringMatching(/^SHA-256 over the previous hash and the part’s bytes is [0-9a-f]{64}, not/),
    ])
  })

  it('a part that was altered and hashed again, since the next one does not follow it', async () => {
    const one = archive()
    const windows = parts(one).map(({ bytes, previous, hash, ...part }) => {
      const altered = part.number === 1 ? bytes.replace('"ana":2', '"ana":3') : bytes
      return partLine({ ...part, previous, bytes: altered, hash: partHash(previous, altered) })
    })
    const result = await look({ ...one, windows: [...windows, ...lastLine(one)] }, receipt(one, from + 1200))
    expect(failed(result)).toEqual(['part 2 is missing or does not fit: the chain is broken there'])
  })

  it('a whole chain that was made anew, since it does not end at the published head', async () => {
    const one = archive()
    let previous = genesisHash
    const windows = parts(one).map((part) => {
      const { v: _v, shardId, part: number, ...body } = readPart(part)
      const sealed = sealPart(shardId, number, previous, { ...body, records: body.records + 1 })
      previous = sealed.hash
      return partLine(sealed)
    })
    const result = await look({ ...one, windows: [...windows, ...lastLine(one)] }, receipt(one, from + 1200))
    expect(failed(result)).toEqual([
      `part 3 does not have the hash that the poll’s last line publishes, ${one.heads.s1?.head}`,
    ])
  })

  it.each([
    [2, 'part 2 is missing or does not fit: the chain is broken there'],
    [3, 'part 3 is missing or does not fit: the chain is broken there'],
  ])('a chain without part %d', async (gone, says) => {
    const one = archive()
    const windows = parts(one).filter(({ number }) => number < gone || (gone === 2 && number > 2))
    const lines = [...windows.map(partLine), ...lastLine(one)]
    const result = await look({ ...one, windows: lines }, receipt(one, from + 1200))
    expect(failed(result)).toContain(says)
  })

  it('a record whose part was taken out, while later ones are there', async () => {
    const one = archive()
    const windows = parts(one).filter(({ number }) => number !== 1)
    const result = await look({ ...one, windows: windows.map(partLine) }, receipt(one, from + 1200))
    expect(failed(result)).toEqual(['no part in the archive holds the record, though later parts are there'])
  })

  it('two lines for one record that differ', async () => {
    const one = archive()
    const votes = one.records.map(({ data, ...record }) =>
      recordLine(record, Buffer.from(data.toString().replace('bia', 'ana'))),
    )
    const result = await look({ ...one, votes: [...one.votes, ...votes] }, receipt(one, from + 1200))
    expect(failed(result)).toContain('the archive has other versions of the record, too: 1')
  })

  it('a part that does not count what the record brings', async () => {
    const one = archive()
    const votes = one.votes.map((line) =>
      line.replace('\\"option\\":\\"bia\\"}]', '\\"option\\":\\"nobody\\"}]'),
    )
    const result = await look({ ...one, votes }, receipt(one, from + 1200))
    expect(failed(result)).toEqual(['the part’s sums are smaller than what this record alone brings'])
  })
})

it('a record whose part has not arrived yet is shown without it, and nothing is called wrong', async () => {
  const one = archive()
  const windows = one.parts.filter(({ number }) => number < 1).map(partLine)
  const result = await look({ ...one, windows }, receipt(one, from + 1200))
  expect(result.records[0]?.place).toEqual({ missing: 'later', newestPart: 0 })
  expect(failed(result)).toEqual([])
})
