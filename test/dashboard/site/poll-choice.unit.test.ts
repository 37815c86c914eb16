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

  test('a poll that a tool made does not take the page over, not even from one that is final', () => {
    const tools = [poll('load-1790000000000', 5, 'open'), poll('canary', 4, 'open')]
    expect(choosePoll([...tools, ...polls], null)).toEqual({ kind: 'poll', id: 'live' })
    expect(choosePoll([...tools, poll('done', 3, 'final')], null)).toEqual({ kind: 'poll', id: 'done' })
  })

  test('a poll that a tool made is shown to who asks for it, and where there is no other', () => {
    const canary = poll('canary', 4, 'open')
    expect(choosePoll([canary, ...polls], 'canary')).toEqual({ kind: 'poll', id: 'canary' })
    expect(choosePoll([canary], null)).toEqual({ kind: 'poll', id: 'canary' })
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
