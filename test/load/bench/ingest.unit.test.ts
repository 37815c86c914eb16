import { expect, test } from 'vitest'
import { benchIngest } from '../../../load/bench/ingest.ts'
import {
  bareName,
  expressName,
  fastifyName,
  ingestMarkdown,
  ingestShortfalls,
} from '../../../load/bench/ingest-report.ts'
import type { Press } from '../../../load/bench/press.ts'
import { patience } from '../../../load/reconcile.ts'
import { counted } from '../counted.ts'

/** A Placar that takes 100 votes a turn and of which `lost` never count, and peers of which one counts `peerLost` fewer. */
const bench = async ({ lost = 0, peerLost = 0 } = {}) => {
  const calls: string[] = []
  let nowMs = 0
  let votes = 0
  let peerVotes = 0
  const settings = {
    placar: 'placar',
    option: 'ana',
    peers: [
      { name: bareName, url: 'bare' },
      { name: fastifyName, url: 'fastify', counted: async () => peerVotes - peerLost },
    ],
    connections: 4,
    warmUpSeconds: 1,
    seconds: 10,
    rounds: 3,
  }
  const press: Press = {
    name: 'fake',
    run: async (url, _body, _connections, seconds) => {
      calls.push(`${url} ${seconds} s`)
      if (url === 'placar') votes += 100
      if (url === 'fastify') peerVotes += 101
      return { answered: 100, perSecond: url === 'placar' ? 80 : 100, unknown: url === 'fastify' ? 1 : 0 }
    },
  }
  const surroundings = {
    reader: {
      count: async () => {
        calls.push('count')
        return counted({ options: { ana: votes === 0 ? 0 : votes - lost }, rejected: {} })
      },
      otherVotes: async () => 0,
    },
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
  const report = await benchIngest(settings, press, surroundings, patience, () => {})
  return { report, calls, turns: calls.filter((call) => call !== 'count') }
}

test('after a warm-up the servers take turns, and who begins goes round', async () => {
  const { turns } = await bench()
  expect(turns.slice(0, 3)).toEqual(['placar 1 s', 'bare 1 s', 'fastify 1 s'])
  expect(turns.slice(3, 6)).toEqual(['bare 10 s', 'fastify 10 s', 'placar 10 s'])
  expect(turns.slice(6, 9)).toEqual(['fastify 10 s', 'placar 10 s', 'bare 10 s'])
  expect(turns.slice(9)).toEqual(['placar 10 s', 'bare 10 s', 'fastify 10 s'])
})

test('before another server has its turn Placar has counted what it took in its own', async () => {
  const { calls } = await bench()
  const behind = calls.filter((_, at) => calls[at - 1]?.startsWith('placar'))
  expect(behind).toEqual(['count', 'count', 'count', 'count'])
})

test('the warm-up is counted, not measured', async () => {
  const { report } = await bench()
  expect(report.placar).toMatchObject({ perSecond: [80, 80, 80], answered: 400 })
  expect(report.peers).toMatchObject([
    { name: bareName, perSecond: [100, 100, 100], counted: null },
    { name: fastifyName, answered: 400, unknown: 4, counted: 404 },
  ])
  expect(report.failures).toEqual([])
})

test('a vote that was accepted and is not counted fails the benchmark', async () => {
  const { report } = await bench({ lost: 1 })
  expect(report.failures).toEqual([
    'option ana: expected 400, found 399: 1 missing',
    '/stats counted + rejected: expected 400, found 399: 1 missing',
  ])
})

test('so does a vote that a peer answered and did not count', async () => {
  expect((await bench({ peerLost: 4 })).report.failures).toEqual([])
  const { report } = await bench({ peerLost: 5 })
  expect(report.failures).toEqual([
    `${fastifyName} answered 400 votes, with 4 more under way, and counted 399`,
  ])
})

test('the text has a row for each server, the aims, and the peers that could not be measured', async () => {
  const { report } = await bench()
  const text = ingestMarkdown(
    report,
    [{ name: expressName, why: 'no redis-server on the PATH' }],
    'somewhere',
  )
  expect(text).toMatch(/^somewhere\n/)
  expect(text).toContain('| bare node:http | 100 | 100 to 100 | 0.80 (0.80 to 0.80) |')
  expect(text).toContain('| Express + Redis | not measured: no redis-server on the PATH |  |  |')
  expect(text).toContain('Aim: ratio to bare node:http at least 0.85; 0.80: **missed**.')
  expect(
    ingestMarkdown(report, [{ name: fastifyName, why: 'no redis-server on the PATH' }], 'somewhere'),
  ).toContain('- Aim: ratio to Fastify + Redis at least 1.00; not measured.')
  expect(text).toContain('Placar answered 400, counted 400; Fastify + Redis answered 400, counted 404.')
  expect(text).toMatch(/PASSED/)
})

test('a ratio under what is required is a failure', async () => {
  const { report } = await bench()
  expect(ingestShortfalls(report, { [bareName]: 0.8, [fastifyName]: 0.81 })).toEqual([
    'the median ratio to Fastify + Redis is 0.800, at least 0.81 required',
  ])
})
