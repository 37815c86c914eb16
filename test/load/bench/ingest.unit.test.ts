import { expect, test } from 'vitest'
import { benchIngest } from '../../../load/bench/ingest.ts'
import { ingestText } from '../../../load/bench/ingest-report.ts'
import type { Press } from '../../../load/bench/press.ts'
import { patience } from '../../../load/reconcile.ts'
import { counted } from '../counted.ts'

const settings = {
  placar: 'placar',
  bare: 'bare',
  option: 'ana',
  connections: 4,
  warmUpSeconds: 1,
  seconds: 10,
  rounds: 3,
}

/** A Placar that takes 100 votes a turn, and of which `lost` never count. */
const bench = async (lost: number) => {
  const turns: string[] = []
  let nowMs = 0
  let votes = 0
  const press: Press = {
    name: 'fake',
    run: async (url, _body, _connections, seconds) => {
      turns.push(`${url} ${seconds} s`)
      if (url === 'placar') votes += 100
      return { answered: 100, perSecond: url === 'placar' ? 80 : 100, unknown: 0 }
    },
  }
  const surroundings = {
    reader: {
      count: async () => counted({ options: { ana: votes === 0 ? 0 : votes - lost }, rejected: {} }),
      otherVotes: async () => 0,
    },
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
  return { report: await benchIngest(settings, press, surroundings, patience, () => {}), turns }
}

test('after a warm-up the two servers take turns', async () => {
  const { turns } = await bench(0)
  const round = ['placar 10 s', 'bare 10 s']
  expect(turns).toEqual(['placar 1 s', 'bare 1 s', ...round, ...round, ...round])
})

test('the warm-up is counted, not measured', async () => {
  const { report } = await bench(0)
  expect(report.rounds).toHaveLength(3)
  expect(report).toMatchObject({
    accepted: 400,
    failures: [],
    summary: { placar: 80, bare: 100, ratio: 0.8 },
  })
  expect(ingestText(report, 'somewhere')).toMatch(/median +80 +100 +0.800/)
})

test('a vote that was accepted and is not counted fails the benchmark', async () => {
  const { report } = await bench(1)
  expect(report.failures).toEqual([
    'option ana: expected 400, found 399: 1 missing',
    '/stats counted + rejected: expected 400, found 399: 1 missing',
  ])
})
