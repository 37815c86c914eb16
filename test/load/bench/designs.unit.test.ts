import { expect, it } from 'vitest'
import {
  castVotes,
  type DesignRun,
  designRounds,
  designsShortfalls,
  difference,
  timesFewer,
  wrongCounts,
} from '../../../load/bench/designs.ts'
import { designsMarkdown } from '../../../load/bench/designs-report.ts'

const run = (changes: Partial<DesignRun>): DesignRun => ({
  design: 'Placar',
  cast: { ana: 3, bia: 2 },
  counted: { ana: 3, bia: 2 },
  invocations: 1,
  faults: 0,
  writes: 2,
  seconds: 1,
  ...changes,
})

it('a backlog is shared out evenly, and whole', () => {
  expect(Object.values(castVotes(23))).toEqual([3, 3, 3, 2, 2, 2, 2, 2, 2, 2])
})

it('votes too many for one option do not make up for too few of another', () => {
  expect(difference(run({ counted: { ana: 2, bia: 2, eva: 1 } }))).toBe(2)
  expect(difference(run({}))).toBe(0)
})

it('only Placar must be exact under faults, and everybody without', () => {
  const counted = { ana: 4, bia: 2 }
  expect(wrongCounts([run({}), run({ design: 'ADD per batch', faults: 1, counted })])).toEqual([])
  expect(wrongCounts([run({ faults: 1, counted }), run({ design: 'ADD per batch', counted })])).toEqual([
    'Placar, 1 faults: 6 counted of 5 cast, 1 wrong',
    'ADD per batch, 0 faults: 6 counted of 5 cast, 1 wrong',
  ])
})

it('the designs take turns, who begins goes round, and one write per vote has rounds of its own', () => {
  expect(designRounds({ perVote: 1, others: 3 })).toEqual([
    ['write per vote', 'ADD per batch', 'Placar'],
    ['ADD per batch', 'Placar'],
    ['Placar', 'ADD per batch'],
  ])
  expect(designRounds({ perVote: 2, others: 1 })[1]).toEqual(['write per vote'])
})

const perVote = run({ design: 'write per vote', writes: 1000 })
const rounds = [perVote, run({ writes: 9, seconds: 9 }), run({ seconds: 2 }), run({ seconds: 1 })]

it('writes are compared by the medians of the rounds, and too many of them fail when asked to', () => {
  expect(timesFewer(rounds)).toBe(500)
  expect(designsShortfalls(rounds, 500)).toEqual([])
  expect(designsShortfalls(rounds, 501)).toEqual([
    '500.0 times fewer writes than one per vote, at least 501 required',
  ])
})

it('the Markdown has a row for each design with the medians of its rounds, and says which aims are missed', () => {
  const wrong = run({ design: 'ADD per batch', faults: 2, counted: { ana: 9 } })
  const text = designsMarkdown(rounds, [run({ faults: 2 }), wrong], [], 'A machine.')
  expect(text).toContain('| Placar | 5 | 3 | 2 (2 to 9) | 2.5 | 2.0 (1.0 to 9.0) | 1 | 0 | 5 | 0 |')
  expect(text).toContain('at least 390; 500: reached.')
  expect(text).toContain('exact: Placar: reached.')
  const missed = designsMarkdown(
    [perVote, run({ writes: 3 })],
    [run({ faults: 1 }), perVote],
    [],
    'A machine.',
  )
  expect(missed).toContain('at least 390; 333: **missed**.')
  expect(missed).toContain('exact: Placar, write per vote: **missed**.')
})

it('a design with a smaller backlog says so in its row', () => {
  const small = run({ design: 'write per vote', cast: { ana: 2 }, counted: { ana: 3 }, faults: 1 })
  const text = designsMarkdown(rounds, [small, run({ faults: 1 })], [], 'A machine.')
  expect(text).toContain('| write per vote | 2 | 1 |')
  expect(text).toContain('| Placar | 5 | 1 |')
})

it('a design that was exact in one round under faults and wrong in another is not exact', () => {
  const wrong = run({ faults: 2, counted: { ana: 9 } })
  expect(designsMarkdown(rounds, [run({ faults: 2 }), wrong], [], 'A machine.')).toContain(
    'exact: none: **missed**.',
  )
})
