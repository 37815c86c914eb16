import { expect, test } from 'vitest'
import { type RequestKind, votePost } from '../../../load/volley/kind.ts'
import { latencyHistogram, packHistogram } from '../../../load/volley/latency.ts'
import type { Outcome } from '../../../load/volley/outcome.ts'
import { volleyResult } from '../../../load/volley/result.ts'
import { schedule } from '../../../load/volley/schedule.ts'

const vote = (votes: number, weight = 1): RequestKind =>
  votePost('option ana', {
    path: '/',
    body: '',
    weight,
    tally: { options: { ana: votes }, rejected: {} },
  })

const result = (kinds: readonly RequestKind[], answers: Record<string, number>[], requests = 100) => {
  const outcome: Outcome = {
    due: requests,
    sent: requests,
    onTime: requests,
    accepted: [],
    answers,
    unknown: [0, 0],
    statuses: {},
    connectionErrors: {},
    latency: packHistogram(latencyHistogram()),
    lastAnswerAt: 2_000,
  }
  return volleyResult(kinds, schedule(100, 1, 1), 1_000, [outcome])
}

test('a 429 is unexpected, unless its kind may be throttled; it is throttled votes either way', () => {
  const answers = [{ 202: 60, 429: 40 }]
  expect(result([vote(1)], answers)).toMatchObject({ requests: { unexpected: 0 }, votes: { throttled: 40 } })
  expect(result([{ ...vote(1), mayBeThrottled: false }], answers)).toMatchObject({
    requests: { unexpected: 40 },
    votes: { throttled: 40, failed: 0 },
  })
})

test('the scheduled rate is in votes that are to be accepted, in the mix of the kinds', () => {
  const refused = { ...vote(0), votes: 1 }
  expect(result([vote(8), vote(4, 2), refused], []).scheduledPerSecond).toBeCloseTo((100 * 16) / 4)
})

test('of a volley that was stopped before anything was due, no rate was held', () => {
  expect(result([vote(1)], [], 0).requests.rateHeld).toBe(0)
})
