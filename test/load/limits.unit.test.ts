import { expect, test } from 'vitest'
import { brokenLimits, type Limits } from '../../load/limits.ts'
import type { VolleyReport } from '../../load/run.ts'

type Found = { accepted?: number; due?: number; final?: { afterMs: number | null } | null }

const broken = (limits: Limits, { accepted = 1_000, due = 10, final = null }: Found): string[] =>
  brokenLimits(limits, {
    volley: {
      acceptedPerSecond: accepted,
      scheduledPerSecond: 1_000,
      latency: { p99: 1 },
      requests: { rateHeld: 1, due, scheduled: 10 },
    },
    verdict: { acceptedToCounted: { p99: 1 }, final },
  } as VolleyReport)

test('votes accepted at 0.99 of the scheduled rate hold it, at less do not', () => {
  expect(broken({ minAcceptedRate: 0.99 }, { accepted: 990 })).toEqual([])
  expect(broken({ minAcceptedRate: 0.99 }, { accepted: 989 })).toEqual([
    'only 989 votes/s were accepted, 0.9890 of the scheduled 1000; 0.99 required',
  ])
})

test('a run that was stopped early is not held to the rate of the whole', () => {
  expect(broken({ minAcceptedRate: 0.99 }, { accepted: 5, due: 9 })).toEqual([])
})

test('a result within the limit is in time, one behind it is not, nor one that never stood', () => {
  expect(broken({ maxFinalMs: 2_000 }, { final: { afterMs: 2_000 } })).toEqual([])
  expect(broken({ maxFinalMs: 2_000 }, { final: { afterMs: 2_000.3 } })).toEqual([
    'final 2001 ms after the last answer, at most 2000 ms allowed',
  ])
  expect(broken({ maxFinalMs: 2_000 }, { final: { afterMs: null } })).toEqual([
    'final unknown ms after the last answer, at most 2000 ms allowed',
  ])
})

test('a poll that was not closed has no result to wait for', () => {
  expect(broken({ maxFinalMs: 0 }, { final: null })).toEqual([])
})
