import { describe, expect, test } from 'vitest'
import { choosePoll, type ListedPoll, newestFirst } from '../../../dashboard/site/model/poll-choice.ts'

const poll = (id: string, createdAt: number, status: ListedPoll['status']): ListedPoll => ({
  id,
  title: id,
  options: [],
  createdAt,
  opensAt: createdAt,
  closesAt: null,
  status,
})

const polls = [poll('old', 1, 'open'), poll('live', 2, 'open'), poll('done', 3, 'final')]

describe('the poll to show', () => {
  test('the address decides', () => {
    expect(choosePoll(polls, 'old')).toEqual({ kind: 'poll', id: 'old' })
  })

  test('by default it is the newest open one', () => {
    expect(choosePoll(polls, null)).toEqual({ kind: 'poll', id: 'live' })
  })

  test('where none is open it is the newest', () => {
    expect(choosePoll([poll('a', 1, 'final'), poll('b', 2, 'closing')], null)).toEqual({
      kind: 'poll',
      id: 'b',
    })
  })

  test('a link to a poll that nobody knows does not lead to another one', () => {
    expect(choosePoll(polls, 'gone')).toEqual({ kind: 'unknown', id: 'gone' })
  })

  test('without polls there is none', () => {
    expect(choosePoll([], null)).toEqual({ kind: 'none' })
  })

  test('the list begins with the newest', () => {
    expect(newestFirst(polls).map(({ id }) => id)).toEqual(['done', 'live', 'old'])
  })
})
