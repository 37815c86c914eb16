import { parentPort, workerData } from 'node:worker_threads'
import { product } from './product.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'
import { storyOf } from './story.ts'
import { storyLines } from './story-lines.ts'

/** Every `step`-th seed from `from` up to `to`, both included. */
export type SimulationRange = { from: number; to: number; step: number }
/** One seed is done; `story` where it went wrong, ready to be printed. */
export type SimulationNews = { seed: number; story?: string }

const { from, to, step }: SimulationRange = workerData
for (let seed = from; seed <= to; seed += step) {
  const story = storyOf(seed)
  const violation = await simulate(story)
  const news: SimulationNews =
    violation === undefined
      ? { seed }
      : { seed, story: storyLines(seed, violation, await shrink(story, violation, product)) }
  parentPort?.postMessage(news)
}
