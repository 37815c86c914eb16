import { expect, it } from 'vitest'
import { closePolls } from '../../../aggregators/close/close-polls.ts'
import { restMs } from '../../../infra/local/lambda/pace.ts'
import { closingTime } from '../../../load/shards/plan-closing.ts'
import { aPoll } from '../../aggregators/arrivals.ts'

const { closerMs, lookMs } = closingTime('laptop', 4, 0)

/** What one round of the closer makes of a poll, and how long it pauses before the next. */
const round = async (poll: ReturnType<typeof aPoll>) => {
  const pausesMs: number[] = []
  let rounds = 2
  const report = await closePolls({
    closer: {
      freeze: async () => undefined,
      look: async () => ({ shards: new Map(), ledgers: new Map() }),
      step: async (poll) => ({ poll, passed: 0, shards: 1 }),
    },
    store: { readPollsWithout: async () => new Map([[poll.id, poll]]), now: () => 10_000 },
    steadyNow: () => 0,
    sleep: async (ms) => void pausesMs.push(ms),
    hasTime: () => --rounds > 0,
  })
  return { pausesMs, report }
}

it('the waits of a prediction are those of the closer', async () => {
  const { report } = await round(aPoll({ closesAt: 20_000 }))
  expect(report.nextDueAt).toBe(20_000 + closerMs)
  const { pausesMs } = await round(aPoll({ closesAt: 9_000, closedAt: 9_250 }))
  expect(pausesMs).toEqual([lookMs])
})

it.each([1, 4, 12, 13, 25, 48, 64, 256])(
  'the wait until one of %i shards is read is that of the local mapping',
  (shards) => {
    expect(closingTime('laptop', shards, 0).readMs).toBe(restMs(shards))
  },
)
