import { type Chance, chanceOf } from './chance.ts'
import { aPoll, type Decision, decision, type Likely } from './decision.ts'
import { scene } from './scene.ts'

const weights = {
  vote: 34,
  deliver: 26,
  'catch up': 0.5,
  resume: 5,
  create: 2,
  move: 1,
  'until closesAt': 1,
  'close by hand': 1,
  close: 6,
  'note caught up': 1,
  export: 5,
  look: 10,
  split: 1,
  merge: 1,
  throttle: 1,
  'table fails': 1,
  restart: 1,
} satisfies Required<Likely>

/** Later on in a story more is closed and exported than begun; else few polls would become final in it. */
const lateWeights = {
  ...weights,
  vote: 14,
  deliver: 40,
  create: 0.5,
  'close by hand': 5,
  close: 18,
  export: 12,
}

/** How a seed's clocks disagree, in ms, and how many decisions make its story. */
export type Story = { streamAheadMs: number; lambdaAheadMs: number; shards: number; decisions: Decision[] }

export const storyOf = (seed: number): Story => {
  const chance = chanceOf(seed)
  const length = chance.number(20, 65)
  const decisions: Decision[] = [aPoll(chance), aPoll(chance)]
  while (decisions.length < length) {
    const isLate = decisions.length > length / 2
    if (isLate && chance.oneIn(10)) decisions.push(...scene(chance))
    else decisions.push(decision(chance, isLate ? lateWeights : weights))
  }
  return {
    streamAheadMs: aClock(chance),
    lambdaAheadMs: aClock(chance),
    shards: chance.number(1, 3),
    decisions: chance.oneIn(4) ? withDaysBetween(decisions, chance) : decisions,
  }
}

/** Some ms ahead of the table's clock, or behind it; often by the most there may be. */
const aClock = (chance: Chance): number =>
  chance.oneIn(3) ? chance.pick([-300, 300]) : chance.number(-300, 300)

/** Somewhere in the story so much time goes by that the stream forgets; once or twice. */
const withDaysBetween = (decisions: readonly Decision[], chance: Chance): Decision[] => {
  const later = [...decisions]
  for (let times = chance.number(1, 2); times > 0; times -= 1) {
    const at = chance.number(2, later.length - 1)
    const decision = later[at] as Decision
    later[at] = { ...decision, afterMs: decision.afterMs + chance.number(20, 30) * 3_600_000 }
  }
  return later
}
