import { expect, test } from 'vitest'
import { readComplaints, readInTurns, type WatchersRounds } from '../../../load/bench/watchers.ts'
import type { ReadPress } from '../../../load/bench/watchers-press.ts'
import { voteComplaints, watchersMarkdown, watchersShortfalls } from '../../../load/bench/watchers-report.ts'
import { compare } from '../../../load/comparison.ts'
import { counted } from '../counted.ts'

const settings = {
  placar: 'placar',
  bare: 'bare',
  connections: 4,
  warmUpSeconds: 1,
  seconds: 10,
  rounds: 2,
}

/** Placar answers 20,000 a second, the bare server 25,000; a thousand of those with an ETag come in full. */
const bench = async () => {
  const turns: string[] = []
  const press: ReadPress = {
    name: 'fake',
    read: async (url, kind, _connections, seconds) => {
      turns.push(`${url} ${kind} ${seconds} s`)
      const perSecond = url === 'placar' ? 20_000 : 25_000
      const answers = perSecond * seconds
      const full = kind === 'full' ? answers : 1_000
      return { perSecond, full, unchanged: answers - full }
    },
  }
  return { all: await readInTurns(settings, press, () => {}), turns }
}

const meanwhile = (found: number) => {
  const accepted = { options: { ana: 100 }, rejected: {} }
  const nothing = counted({ options: { ana: 0 }, rejected: {} })
  const run = { accepted, unknown: { options: {}, rejected: {} }, lastAnswerAt: 0 }
  const after = counted({ options: { ana: found }, rejected: {} })
  return {
    rate: 1_000,
    volley: { acceptedVotes: 100, acceptedPerSecond: 990 },
    verdict: { comparisons: compare(run, nothing, after, false) },
  }
}

test('the two servers take turns at both kinds of read, after a warm-up that is not measured; who begins goes round', async () => {
  const { all, turns } = await bench()
  const round = (seconds: number, first: string, second: string): string[] =>
    ['full', 'unchanged'].flatMap((kind) => [first, second].map((side) => `${side} ${kind} ${seconds} s`))
  expect(turns).toEqual([
    ...round(1, 'placar', 'bare'),
    ...round(10, 'bare', 'placar'),
    ...round(10, 'placar', 'bare'),
  ])
  expect(all.map(({ kind, placar, bare }) => [kind, placar.length, bare.length])).toEqual([
    ['full', 2, 2],
    ['unchanged', 2, 2],
  ])
})

test('answers that were not asked for fail the benchmark, some that come in full with an ETag do not', async () => {
  const { all } = await bench()
  expect(readComplaints(all)).toEqual([])
  const withoutTags = all.map(
    (rounds): WatchersRounds => ({ ...rounds, placar: [{ perSecond: 1, full: 9, unchanged: 1 }] }),
  )
  expect(readComplaints(withoutTags)).toEqual([
    'Placar answered 9 of 10 reads full',
    'Placar answered 1 of 10 reads unchanged',
  ])
})

test('a vote that was accepted meanwhile and is not counted fails the benchmark, and so do no votes at all', () => {
  expect(voteComplaints(meanwhile(100))).toEqual([])
  expect(voteComplaints(meanwhile(99))[0]).toBe('option ana: expected 100, found 99: 1 missing')
  const silent = { ...meanwhile(100), volley: { acceptedVotes: 0, acceptedPerSecond: 0 } }
  expect(voteComplaints(silent)).toEqual(['not one vote was accepted'])
})

test('fewer reads than required are a failure', async () => {
  const { all } = await bench()
  expect(watchersShortfalls(all, 20_000)).toEqual([])
  expect(watchersShortfalls(all, 20_001)[0]).toBe('20,000 reads/s full, at least 20,001 required')
})

test('the text has both kinds of read, what was aimed at, and the votes', async () => {
  const text = watchersMarkdown((await bench()).all, meanwhile(100), [], 'somewhere')
  expect(text).toMatch(/^somewhere\n/)
  expect(text).toContain(
    '| unchanged | 20,000 | 20,000 to 20,000 | 25,000 | 25,000 to 25,000 | 0.80 (0.80 to 0.80) | 2,000 | 398,000 |',
  )
  expect(text).toContain('Aim: reads/s full at least 15,000; 20,000: reached.')
  expect(text).toContain('Meanwhile 1,000 votes/s were due: 100 accepted (990/s), 100 counted.')
  expect(text).toMatch(/PASSED/)
})
