import { describe, expect, test } from 'vitest'
import { noVoteAnswer, voteAnswer } from '../../../dashboard/site/model/vote-answer.ts'

describe('what a voter is told', () => {
  test('an accepted vote comes with its receipt', () => {
    const receipt = { shardId: 'shardId-000000000002', sequenceNumber: '4966' }
    expect(voteAnswer('Ana', 202, { accepted: 1, receipt })).toEqual({
      accepted: true,
      text: 'Vote for Ana accepted.',
      receipt: 'shardId-000000000002 · 4966',
    })
  })

  test('a throttled vote was not counted, and says when to try again', () => {
    expect(voteAnswer('Ana', 429, { error: 'throttled', message: '…' }, 3_000)).toEqual({
      accepted: false,
      text: 'Not counted: too many votes at once. Try again in 3 s.',
      restMs: 3_000,
    })
  })

  test('a server that is not available rests the buttons for a second unless it says how long', () => {
    expect(voteAnswer('Ana', 503, undefined)).toEqual({
      accepted: false,
      text: 'Not counted: the server is not available. Try again in 1 s.',
      restMs: 1_000,
    })
  })

  test('any other refusal is told in the server’s words', () => {
    const body = { error: 'invalid_vote', message: 'option must be a string.' }
    expect(voteAnswer('Ana', 400, body)).toEqual({
      accepted: false,
      text: 'Not counted: option must be a string.',
    })
  })

  test('a refusal that is no JSON is told by its status', () => {
    expect(voteAnswer('Ana', 502, undefined).text).toBe('Not counted: the server answered 502.')
  })

  test('without an answer nothing is claimed', () => {
    expect(noVoteAnswer('Ana')).toEqual({
      accepted: false,
      text: 'No answer from the server: the vote for Ana may or may not have been accepted.',
    })
  })
})
