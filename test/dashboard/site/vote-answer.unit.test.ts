import { describe, expect, test } from 'vitest'
import { noVoteAnswer, voteAnswer } from '../../../dashboard/site/model/vote-answer.ts'

describe('what a voter is told', () => {
  test('an accepted vote comes with its receipt', () => {
    const receipt = { shardId: 'shardId-000000000002', sequenceNumber: '4966' }
    expect(voteAnswer('Ana', 202, { accepted: 1, receipt })).toEqual({
      accepted: true,
      text: 'Vote for Ana accepted.',
      receipt: 'shardId-000000000002:4966',
    })
  })

  test('a throttled vote was not counted, and says when to try again', () => {
    expect(voteAnswer('Ana', 429, { error: 'throttled', message: '…' }, 3_000)).toEqual({
      accepted: false,
      text: 'Not counted: too many votes at once. Try again in 3 s.',
      restMs: 3_000,
    })
  })

  test('a server that failed may have stored the vote: nobody is told to try again, and the buttons rest', () => {
    expect(voteAnswer('Ana', 503, { error: 'unavailable', message: '…' }, 3_000)).toEqual({
      accepted: false,
      text: 'The server answered 503. It is not known whether the vote for Ana was stored.',
      restMs: 3_000,
    })
    expect(voteAnswer('Ana', 502, undefined)).toEqual({
      accepted: false,
      text: 'The server answered 502. It is not known whether the vote for Ana was stored.',
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
    expect(voteAnswer('Ana', 404, undefined).text).toBe('Not counted: the server answered 404.')
  })

  test('without an answer nothing is claimed', () => {
    expect(noVoteAnswer('Ana')).toEqual({
      accepted: false,
      text: 'No answer from the server. It is not known whether the vote for Ana was stored.',
    })
  })
})
