import { describe, expect, it } from 'vitest'
import {
  definePoll,
  expectRoom,
  isToolsPoll,
  type Poll,
  type PollRequest,
  pollStatus,
} from '../../ingest/poll.ts'

const options = [
  { id: 'ana', label: 'Ana' },
  { id: 'bia', label: 'Bia' },
]
const request = (changes: Partial<PollRequest> = {}): PollRequest => ({
  id: 'final',
  title: 'Final',
  options,
  ...changes,
})
const poll = (changes: Partial<Poll> = {}): Poll => ({
  ...definePoll(request(), 1000),
  shards: [],
  ...changes,
})

describe('a definition', () => {
  it('opens when it is created unless it is told to open later', () => {
    expect(definePoll(request(), 1000)).toMatchObject({ createdAt: 1000, opensAt: 1000, closesAt: null })
    expect(definePoll(request({ opensAt: 5000 }), 1000).opensAt).toBe(5000)
    expect(definePoll(request({ opensAt: 10 }), 1000).opensAt).toBe(1000)
  })

  it.each<[string, Partial<PollRequest>, RegExp]>([
    ['an id with capitals', { id: 'Final' }, /poll id "Final"/],
    ['an id of 65 characters', { id: 'a'.repeat(65) }, /1 to 64/],
    ['no title', { title: ' ' }, /title/],
    ['one option', { options: options.slice(1) }, /2 to 50 options are needed, there are 1/],
    [
      '51 options',
      { options: Array.from({ length: 51 }, (_, n) => ({ id: `o${n}`, label: `O${n}` })) },
      /there are 51/,
    ],
    ['an option id with a space', { options: [...options, { id: 'a b', label: 'x' }] }, /option id "a b"/],
    ['an option without a label', { options: [...options, { id: 'eva', label: '' }] }, /eva needs a label/],
    ['an option twice', { options: [...options, { id: 'ana', label: 'Ana 2' }] }, /ana is named twice/],
    [
      'closing before it opens',
      { opensAt: 5000, closesAt: 5000 },
      /close, at 1970-01-01T00:00:05.000Z, before it has opened, at 1970-01-01T00:00:05.000Z/,
    ],
    [
      'closing in the past',
      { closesAt: 500 },
      /closed in the past, at 1970-01-01T00:00:00.500Z; it is 1970-01-01T00:00:01.000Z/,
    ],
  ])('with %s is refused with a message that says so', (_fact, changes, message) => {
    expect(() => definePoll(request(changes), 1000)).toThrow(message)
  })
})

describe('polls that are open at once', () => {
  const many = (count: number, changes: Partial<Poll> = {}): Poll[] =>
    Array.from({ length: count }, (_, n) => poll({ id: `p${n}`, ...changes }))

  it('are 20 at most; final and void ones do not count', () => {
    expect(() => expectRoom(many(19), request(), 2000)).not.toThrow()
    expect(() => expectRoom(many(20), request(), 2000)).toThrow(/20 polls are open already/)
    expect(() =>
      expectRoom([...many(19), ...many(9, { finalAt: 1 }), ...many(9, { voided: true })], request(), 2000),
    ).not.toThrow()
  })

  it('polls that have closed make room for others, until 200 have no final result', () => {
    expect(() => expectRoom(many(199, { closesAt: 1500 }), request(), 2000)).not.toThrow()
    expect(() => expectRoom(many(200, { closesAt: 1500 }), request(), 2000)).toThrow(
      /200 polls have no final result/,
    )
  })

  it('have 400 options at most together', () => {
    const fifty = Array.from({ length: 50 }, (_, n) => ({ id: `o${n}`, label: 'x' }))
    expect(() => expectRoom(many(7, { options: fifty }), request({ options: fifty }), 2000)).not.toThrow()
    expect(() => expectRoom(many(8, { options: fifty }), request(), 2000)).toThrow(
      /402 options would be open/,
    )
  })
})

describe('the status of a poll', () => {
  it('passes through scheduled, open, closing and final, in that order', () => {
    const scheduled = poll({ opensAt: 2000, closesAt: 3000 })
    expect([1999, 2000, 2999, 3000].map((now) => pollStatus(scheduled, now))).toEqual([
      'scheduled',
      'open',
      'open',
      'closing',
    ])
    expect(pollStatus({ ...scheduled, closedAt: 2500 }, 2600)).toBe('closing')
    expect(pollStatus({ ...scheduled, closedAt: 2500, finalAt: 2700 }, 2600)).toBe('final')
  })
})

it('a poll is a tool’s own when it is named canary, or begins as the polls of load scenarios do', () => {
  const ids = ['canary', 'load-1790000000000', 'canary-islands', 'the-load-1', 'demo']
  expect(ids.filter(isToolsPoll)).toEqual(['canary', 'load-1790000000000'])
})
