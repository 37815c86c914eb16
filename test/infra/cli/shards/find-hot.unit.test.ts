import { describe, expect, it } from 'vitest'
import { findHot } from '../../../../infra/cli/shards/find-hot.ts'
import type { Sample } from '../../../../load/shards/heat-finding.ts'
import type { StreamReading } from '../../../../load/shards/reading.ts'

const start = 1_790_000_000_000

/** Four even shards, the first of which gets so many records/s and each of the others 100. */
const readingAt = (at: number, records: number): StreamReading => ({
  stream: 'votes',
  endpoint: undefined,
  at,
  status: 'ACTIVE',
  onDemand: false,
  shards: [records, 100, 100, 100].map((recordsPerSecond, n) => ({
    id: `s${n}`,
    range: { start: '0', end: '1' },
    rangeShare: 0.25,
    votesPerSecond: 0,
    traffic: { recordsPerSecond, bytesPerSecond: recordsPerSecond * 200, throttledPerSecond: 0 },
    iteratorAgeMs: 0,
    history: [],
  })),
  traffic: { recordsPerSecond: records + 300, bytesPerSecond: 0, throttledPerSecond: 0 },
  measuredMs: 3_000,
  measuredAt: at,
  shardMetrics: true,
})

const empty: Sample = { records: 0, top: null }
const failed: Sample = { failed: 'Rate exceeded' }
const by = (key: string): Sample => ({ records: 10, top: { key, records: 9 } })

/** What is found at each look, so many seconds after the first, when samples are answered so, one after another. */
const looks = async (answers: Sample[], ...at: [second: number, records?: number][]) => {
  const samples = new Map()
  const found: string[] = []
  for (const [second, records = 900] of at) {
    const reader = { sample: async () => answers.shift() ?? by('nobody asks for it') }
    const [finding] = await findHot(reader, readingAt(start + second * 1_000, records), samples)
    found.push(finding?.kind === 'hot key' ? finding.key : (finding?.kind ?? 'none'))
  }
  return { found, unused: answers.length }
}

describe('the sample of a dense shard', () => {
  it('is taken again at the next look where it found nothing, or failed', async () => {
    const { found, unused } = await looks([empty, failed, by('ana')], [0], [2], [4], [6])
    expect(found).toEqual(['suspected key', 'suspected key', 'ana', 'ana'])
    expect(unused).toBe(0)
  })

  it('is taken again after a minute, in which another key may have become hot', async () => {
    const { found } = await looks([by('ana'), by('bia')], [0], [59], [60], [119])
    expect(found).toEqual(['ana', 'ana', 'bia', 'bia'])
  })

  it('stays where the one after it tells nothing, which is then taken again', async () => {
    const { found } = await looks([by('ana'), failed, empty, by('bia')], [0], [60], [62], [64])
    expect(found).toEqual(['ana', 'ana', 'ana', 'bia'])
  })

  it('is forgotten once the shard is not dense any more', async () => {
    const { found } = await looks([by('ana'), by('bia')], [0], [2, 100], [4])
    expect(found).toEqual(['ana', 'none', 'bia'])
  })
})
