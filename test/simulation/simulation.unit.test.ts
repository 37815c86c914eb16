import { expect, it } from 'vitest'
import { kinds, type Met } from './kinds.ts'
import { mutations } from './mutations.ts'
import { product } from './product.ts'
import { shrink } from './shrink.ts'
import { simulate, simulateSeed, type Violation } from './simulate.ts'
import { storyOf } from './story.ts'
import { storyLines } from './story-lines.ts'

/** `npm run simulate` runs more. */
const seeds = Array.from({ length: 300 }, (_, at) => at + 1)

const firstViolation = async (make: () => typeof product): Promise<[number, Violation] | undefined> => {
  for (const seed of seeds) {
    const violation = await simulateSeed(seed, make())
    if (violation !== undefined) return [seed, violation]
  }
  return undefined
}

it('300 hostile worlds count, close and export every vote exactly once, and meet every kind of hostile event', async () => {
  const met: Met = new Map()
  for (const seed of seeds) expect([seed, await simulateSeed(seed, product, met)]).toEqual([seed, undefined])
  expect([...kinds].filter((kind) => !met.has(kind))).toEqual([])
}, 300_000)

it.each(Object.entries(mutations))(
  'it is seen when %s',
  async (_name, make) => {
    expect(await firstViolation(make)).toBeDefined()
  },
  300_000,
)

it('a seed that goes wrong does so again, and its shrunk story too, with fewer decisions', async () => {
  const make = mutations['the compare-and-swap condition is removed'] ?? expect.fail()
  const [seed, violation] = (await firstViolation(make)) ?? expect.fail()
  expect(await simulateSeed(seed, make())).toEqual(violation)
  const shrunk = await shrink(storyOf(seed), violation, make())
  expect(shrunk.story.decisions.length).toBeLessThan(storyOf(seed).decisions.length / 2)
  expect(await simulate(shrunk.story, make())).toEqual(shrunk.violation)
  expect(await simulate(shrunk.story, product)).toBeUndefined()

  const lines = storyLines(seed, violation, shrunk).trim().split('\n')
  expect(lines.at(0)).toMatch(`Seed ${seed}, `)
  expect(lines.at(-1)).toContain(shrunk.violation.says)
  expect(lines.length).toBe(3 + shrunk.story.decisions.length)
}, 300_000)
