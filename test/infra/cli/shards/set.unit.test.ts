import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { setShards } from '../../../../infra/cli/shards/set.ts'
import type { StreamSummary } from '../../../../infra/cli/shards/set-stream.ts'
import { type KeyRange, lastHashKey } from '../../../../load/shards/coverage.ts'

const printed: string[] = []

beforeEach(() => void vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text)))
afterEach(() => {
  vi.restoreAllMocks()
  printed.length = 0
})

/** Sets a stream, which is as described, to 2 shards; the wait for it is stopped at the first look. */
const setToTwo = (summary: StreamSummary, ranges: KeyRange[] = []) => {
  const scaleTo = async (): Promise<void> => {
    throw new Error('no step is due')
  }
  return setShards(
    { streamName: 'votes' },
    2,
    false,
    { openRanges: async () => ranges },
    {
      stream: { describe: async () => summary, scaleTo },
      stopping: AbortSignal.abort(),
      pause: async () => {},
      now: () => 0,
      say: () => {},
      warning: async () => undefined,
    },
  )
}

it('Ctrl-C while the stream is still being made ends the wait, and says so', async () => {
  expect(await setToTwo({ shards: 0, status: 'CREATING', onDemand: false })).toBe(false)
  expect(printed).toEqual([
    'Stopped: votes has 0 open shards, and is CREATING: what was begun goes on by itself. npm run shards -- set 2 goes on from there.',
  ])
})

it('shards that are whole and not as many as wanted are no success, and their count is said', async () => {
  const whole = [{ shardId: 'a', start: 0n, end: lastHashKey }]
  expect(await setToTwo({ shards: 2, status: 'ACTIVE', onDemand: false }, whole)).toBe(false)
  expect(printed).toEqual([
    'votes has 2 open shards already.',
    'Stopped: votes has 1 open shard. npm run shards -- set 2 goes on from there.',
  ])
})

it.each<[shards: number, said: string[]]>([
  [4, ['too few', '4 → 2']],
  [2, []],
  [1, ['1 → 2']],
])(
  'from %i shards to 2 it warns of fewer alone, and takes the step all the same',
  async (shards, expected) => {
    const said: string[] = []
    let now = shards
    const whole = [
      { shardId: 'a', start: 0n, end: 9n },
      { shardId: 'b', start: 10n, end: lastHashKey },
    ]
    const isThere = await setShards(
      { streamName: 'votes' },
      2,
      false,
      { openRanges: async () => whole },
      {
        stream: {
          describe: async () => ({ shards: now, status: 'ACTIVE', onDemand: false }),
          scaleTo: async (to) => {
            now = to
          },
        },
        stopping: new AbortController().signal,
        pause: async () => {},
        now: () => 0,
        say: (line) => said.push(line),
        warning: async () => 'too few',
      },
    )
    expect(isThere).toBe(true)
    expect(said).toEqual(expected)
  },
)
