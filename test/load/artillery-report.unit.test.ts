import { expect, test } from 'vitest'
import { artilleryOutcome } from '../../load/artillery-report.ts'
import { votesIn } from '../../load/tally.ts'

const outcome = (counters: Record<string, number>) => artilleryOutcome({ aggregate: { counters } })

test('what was accepted is read from the names of the requests answered 202', () => {
  const { accepted, unknown, unexpected } = outcome({
    'http.codes.202': 20,
    'http.codes.400': 9,
    'votes.option ana.codes.202': 10,
    'votes.option ana times 3.codes.202': 4,
    'votes.option bia.codes.202': 1,
    'votes.rejected unknown_option.codes.202': 3,
    'votes.rejected unknown_poll.codes.202': 2,
    'votes.refused invalid_json.codes.400': 9,
    'votes.response_time.option ana': 12,
  })
  expect(accepted).toEqual({ options: { ana: 22, bia: 1 }, rejected: { unknown_option: 3, unknown_poll: 2 } })
  expect(unknown).toEqual({ options: {}, rejected: {} })
  expect(unexpected).toBe(0)
})

test('every vote that was sent was accepted, throttled or failed; a read is no vote', () => {
  const { votes, accepted } = outcome({
    'http.codes.202': 5,
    'votes.option ana.codes.202': 4,
    'votes.rejected unknown_poll.codes.202': 1,
    'votes.option ana.codes.429': 3,
    'votes.option ana times 3.errors.ETIMEDOUT': 2,
    'votes.option bia.codes.503': 1,
    'votes.refused invalid_json.codes.400': 7,
    'votes.slow client.codes.408': 2,
    'votes.scoreboard.codes.200': 90,
  })
  expect(votes).toEqual({ sent: 24, throttled: 3, failed: 16 })
  expect(votesIn(accepted)).toBe(24 - 3 - 16)
})

test('a request that got no answer, or a 5xx, is unknown, not refused', () => {
  const { accepted, unknown } = outcome({
    'http.codes.202': 1,
    'votes.option ana.codes.202': 1,
    'votes.option ana times 3.errors.ETIMEDOUT': 2,
    'votes.option ana.errors.ECONNRESET': 1,
    'votes.option bia.codes.503': 2,
    'votes.scoreboard.errors.ECONNRESET': 5,
  })
  expect(accepted.options).toEqual({ ana: 1 })
  expect(unknown.options).toEqual({ ana: 7, bia: 2 })
})

test('a vote refused for too much traffic is neither', () => {
  const { accepted, unknown, answers } = outcome({ 'votes.option ana.codes.429': 3 })
  expect(accepted.options).toEqual({})
  expect(unknown.options).toEqual({})
  expect(answers).toEqual([{ name: 'option ana', result: '429', count: 3 }])
})

test('a 202 that no name accounts for is an error', () => {
  expect(() => outcome({ 'http.codes.202': 2, 'votes.option ana.codes.202': 1 })).toThrow(
    /2 requests .* 1 of them/,
  )
})

test('a 202 for a request whose name does not say what it counts is an error', () => {
  const counters = { 'http.codes.202': 1, 'votes.refused invalid_json.codes.202': 1 }
  expect(() => outcome(counters)).toThrow(/refused invalid_json/)
})

test('the last answer is as late as the last metric, where there is an answer', () => {
  const at = (counters: Record<string, number>) =>
    artilleryOutcome({ aggregate: { lastMetricAt: 1_790_000_000_000, counters } }).lastAnswerAt
  expect(at({ 'votes.refused invalid_json.codes.400': 1 })).toBe(1_790_000_000_000)
  expect(at({ 'votes.option ana.errors.ECONNREFUSED': 1 })).toBeNull()
})

test('answers that were not expected are told', () => {
  expect(outcome({ 'plugins.expect.failed': 4 }).unexpected).toBe(4)
})
