import { dice, weighted } from '../../load/volley/dice.ts'

/** Everything that a simulation leaves to chance comes from one of these, and so from its seed alone. */
export type Chance = {
  /** A whole number from `least` to `most`, both included. */
  number(least: number, most: number): number
  /** True once in so many times. */
  oneIn(times: number): boolean
  pick<T>(from: readonly T[]): T
  /** A key, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K
}

const choosers = new WeakMap<object, (roll: number) => number>()

export const chanceOf = (seed: number): Chance => {
  let rolls = 0
  const roll = (): number => {
    rolls += 1
    return dice(seed, rolls)
  }
  const number = (least: number, most: number): number => least + (roll() % (most - least + 1))
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new RangeError('There is nothing to pick from.')
    return from[number(0, from.length - 1)] as T
  }
  return {
    number,
    pick,
    oneIn: (times) => number(1, times) === 1,
    weighted: (weights) => {
      const chooser = choosers.get(weights) ?? weighted(Object.values(weights))
      choosers.set(weights, chooser)
      return Object.keys(weights)[chooser(roll())] as keyof typeof weights
    },
  }
}
