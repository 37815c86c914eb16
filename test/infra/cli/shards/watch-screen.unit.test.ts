import { describe, expect, it } from 'vitest'
import { liveScreen } from '../../../../infra/cli/shards/watch-screen.ts'
import type { StreamReading } from '../../../../load/shards/reading.ts'

const readingOf = (shards: number): StreamReading => ({
  stream: 'votes',
  endpoint: undefined,
  at: 1_790_000_000_000,
  status: 'ACTIVE',
  onDemand: false,
  shards: Array.from({ length: shards }, (_, n) => ({
    id: `shardId-${n}`,
    range: { start: '0', end: '1' },
    rangeShare: 1 / shards,
    votesPerSecond: 0,
    traffic: null,
    iteratorAgeMs: 0,
    history: [],
  })),
  traffic: null,
  measuredMs: 3_000,
  measuredAt: 1_790_000_000_000,
  shardMetrics: true,
})

const hold = { hold: 'hot key', wanted: true, reason: 'one key is too much for shardId-1' } as const

/** A terminal that shows what is written, as far as one that goes up and erases does. */
const aTerminal = (rows: number, columns: number) => {
  let lines: string[] = []
  let highest = 0
  const write = (text: string): void => {
    const [erased = '', rest = erased] = text.split('\x1b[J')
    const up = rest === erased ? 0 : Number(/\d+/.exec(erased))
    highest = Math.max(highest, up)
    lines = [...lines.slice(0, lines.length - up), ...rest.slice(0, -1).split('\n')]
  }
  return { out: { write, rows, columns }, lines: () => lines, highest: () => highest }
}

describe('the live screen of a watch', () => {
  it('draws each reading in place of the one before, and says above it what stays', () => {
    const terminal = aTerminal(24, 110)
    const screen = liveScreen(terminal.out)
    screen.show(readingOf(2), [], undefined)
    screen.show(readingOf(2), [], hold)
    const shown = terminal.lines()
    expect(shown.filter((line) => line.startsWith('shardId-'))).toHaveLength(1)
    expect(shown).toContain('Holding: one key is too much for shardId-1.')
    expect(shown.at(-1)).toBe('Ctrl-C ends.')
    screen.say('Going from 2 to 4 shards: why.')
    screen.show(readingOf(4), [], undefined)
    expect(terminal.lines()[0]).toBe('Going from 2 to 4 shards: why.')
    expect(terminal.lines().filter((line) => line === 'Ctrl-C ends.')).toHaveLength(1)
  })

  it('is never higher nor wider than the terminal, which could not be erased, and says how much is left out', () => {
    const terminal = aTerminal(12, 40)
    const screen = liveScreen(terminal.out)
    for (let times = 0; times < 3; times += 1) screen.show(readingOf(50), [], hold)
    const shown = terminal.lines()
    expect(Math.max(shown.length, terminal.highest())).toBeLessThan(12)
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(40)
    expect(shown.join('\n')).toMatch(/^… and \d+ lines more$/m)
    expect(shown.at(-1)).toBe('Ctrl-C ends.')
  })
})
