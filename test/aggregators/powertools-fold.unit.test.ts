import { expect, it } from 'vitest'
import type { ArrivedRecord } from '../../aggregators/evolve.ts'
import { forEachByPowertools } from '../../aggregators/powertools-fold.ts'
import { vote } from './arrivals.ts'

const records = [vote(1), vote(2), vote(3), vote(4)]
const foldedBut = (bad: readonly ArrivedRecord[]) => {
  const folded: ArrivedRecord[] = []
  const failed = forEachByPowertools(records, (record) => {
    if (bad.includes(record)) throw new Error('poison')
    folded.push(record)
  })
  return { folded, failed }
}

it.each([
  ['none', []],
  ['some', [1, 3]],
  ['all', [0, 1, 2, 3]],
])('every record is folded in order, and those whose fold throws are told: %s', (_, places) => {
  const bad = records.filter((_record, at) => (places as number[]).includes(at))
  expect(foldedBut(bad)).toEqual({ folded: records.filter((record) => !bad.includes(record)), failed: bad })
})
