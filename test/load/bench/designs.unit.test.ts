import { expect, it } from 'vitest'
import {
  castVotes,
  type DesignRun,
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

it('the Markdown compares the writes for the same backlog, and names who was exact under faults', () => {
  const one = run({ design: 'write per vote', writes: 1000 })
  const faulty = [run({ faults: 2 }), run({ design: 'ADD per batch', faults: 2, counted: { ana: 9 } })]
  expect(timesFewer(run({}), one)).toBe(500)
  const text = designsMarkdown([one, run({})], faulty, [], 'A machine.')
  expect(text).toContain('500 is enough')
  expect(text).toContain('exact: Placar.')
})
