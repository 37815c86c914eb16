import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { type ScaleResult, scaleCells, scaleFailures } from '../../../load/bench/scale.ts'
import { scaleMarkdown } from '../../../load/bench/scale-report.ts'
import { processesBelow, usageOf } from '../../../load/bench/scale-usage.ts'

test('by default each axis grows with the other at its middle; all is every pair', () => {
  const named = scaleCells(false).map(({ shards, votes }) => `${shards} × ${votes}`)
  expect(named).toEqual([
    '4 × 1000000',
    '16 × 100000',
    '16 × 1000000',
    '16 × 10000000',
    '64 × 1000000',
    '256 × 1000000',
  ])
  expect(scaleCells(true)).toHaveLength(12)
})

const cell = { shards: 16, votes: 1_000 }
const accepted = { acceptedVotes: 1_000, accepted: { options: { ana: 600, bia: 400 }, rejected: {} } }
const result = {
  counts: { ana: 600, bia: 400 },
  rejected: {},
  shards: {},
  newestArrival: null,
  unproved: [],
  latency: { histogram: '', clamped: 0 },
}

test('a cell is exact only when every vote was accepted and counted for its option, and the result is proved', () => {
  expect(scaleFailures(cell, accepted, result)).toEqual([])
  expect(scaleFailures(cell, accepted, { ...result, counts: { ana: 601, bia: 399 } })).toEqual([
    '16 shards, 1000 votes: option ana: expected 600, counted 601',
    '16 shards, 1000 votes: option bia: expected 400, counted 399',
  ])
  const [refused] = scaleFailures({ ...cell, votes: 1_500 }, accepted, result)
  expect(refused).toContain('1000 of 1500 votes were accepted')
  const [rejected] = scaleFailures(cell, accepted, { ...result, rejected: { closed: 3 } })
  expect(rejected).toContain('3 votes were rejected as closed')
  const [unproved] = scaleFailures(cell, accepted, { ...result, unproved: ['shardId-000000000007'] })
  expect(unproved).toContain('not proved: shardId-000000000007')
})

const measured = (shards: number, votes: number, seconds: number, more: Partial<ScaleResult> = {}) => ({
  shards,
  votes,
  acceptedPerSecond: votes / seconds,
  acceptingSeconds: seconds,
  toFinalSeconds: 0.5,
  memory: { restBytes: 100e6, peakBytes: 200e6 },
  cpuSeconds: seconds * 1.5,
  failures: [],
  ...more,
})

test('the ratios say what each step of an axis, and the whole axis, multiplies', () => {
  const text = scaleMarkdown(
    [
      measured(4, 1_000_000, 9.5),
      measured(16, 100_000, 0.5, { cpuSeconds: 1 }),
      measured(16, 1_000_000, 9.5, { cpuSeconds: 10 }),
      measured(256, 1_000_000, 19.5, { memory: { restBytes: 1, peakBytes: 500e6 } }),
    ],
    [],
    'A machine.',
  )
  expect(text).toContain('| 16 | 100,000 | 200,000 | 100,000 | 0.50 (0.50) | 100 | 200 | 10.0 |')
  expect(text).toContain(
    '| 100,000 → 1,000,000 votes, 16 shards | × 10.00 | × 10.00 | × 1.00 | × 1.00 | × 10.00 |',
  )
  expect(text).toContain('| 4 → 256 shards, 1,000,000 votes | × 64.00 | × 2.00 | × 1.00 | × 2.50 | × 2.05 |')
  expect(text).toContain('at every size: reached.')
  expect(text).toContain('PASSED')
})

test('what a machine does not tell is left open, and a cell alone has no ratios', () => {
  const text = scaleMarkdown(
    [measured(16, 1_000_000, 9.5, { memory: null, cpuSeconds: null })],
    [],
    'A machine.',
  )
  expect(text).toContain('| 0.50 (0.50) | – | – | – |')
  expect(text).not.toContain('grows')
})

test.runIf(process.platform === 'linux')(
  'the processes below a process are found, with their memory',
  async () => {
    const inner =
      "require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'inherit', 'inherit'] })"
    const outer = spawn(process.execPath, ['-e', `${inner}; process.stdin.resume(); console.log('up')`])
    onTestFinished(() => {
      outer.stdin.end()
      outer.kill()
    })
    await once(outer.stdout, 'data')
    const below = processesBelow(process.pid) ?? []
    const pid = outer.pid ?? Number.NaN
    expect(below).toContain(pid)
    const inners = processesBelow(pid) ?? []
    expect(inners).toHaveLength(1)
    expect(below).toEqual(expect.arrayContaining(inners))
    const megabyte = 1e6
    expect(usageOf([pid]).rssBytes).toBeGreaterThan(megabyte)
    expect(usageOf([pid, ...inners]).rssBytes).toBeGreaterThan(usageOf([pid]).rssBytes)
  },
)
