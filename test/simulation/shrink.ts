import type { Decision } from './decision.ts'
import type { Product } from './product.ts'
import { simulate, type Violation } from './simulate.ts'
import type { Story } from './story.ts'

/** Stories that are tried at most; each takes some hundredths of a second. */
const maxTries = 1500

export type Shrunk = { story: Story; violation: Violation }

/**
 * The shortest story found that still goes wrong, in whatever way: decisions are left out in ever smaller pieces, and then
 * faults and times one by one, until nothing more can go.
 *
 * @param violation what the whole story did
 */
export const shrink = async (story: Story, violation: Violation, under: Product): Promise<Shrunk> => {
  let best: Shrunk = { story: cutAt(story, violation.after), violation }
  let tries = 0
  const isStillWrong = async (decisions: Decision[]): Promise<boolean> => {
    tries += 1
    const shorter = { ...best.story, decisions }
    const found = await simulate(shorter, under)
    if (found !== undefined) best = { story: shorter, violation: found }
    return found !== undefined
  }

  for (let size = Math.ceil(best.story.decisions.length / 2); size >= 1 && tries < maxTries; ) {
    let dropped = false
    for (let at = 0; at < best.story.decisions.length && tries < maxTries; ) {
      const without = best.story.decisions.toSpliced(at, size)
      if (await isStillWrong(without)) dropped = true
      else at += size
    }
    // The smallest pieces are tried again as long as that helps.
    if (size > 1) size = Math.ceil(size / 2)
    else if (!dropped) break
  }
  for (let at = 0; at < best.story.decisions.length && tries < maxTries; at += 1)
    for (const plainer of plainerThan(best.story.decisions[at] as Decision))
      await isStillWrong(best.story.decisions.with(at, plainer))
  return best
}

/** Nothing that comes after the violation was seen can be its cause. */
const cutAt = (story: Story, after: number): Story => ({
  ...story,
  decisions: story.decisions.slice(0, after),
})

const plainerThan = (decision: Decision): Decision[] => {
  const plainer: Decision[] = []
  if ('fault' in decision) {
    const { fault: _fault, ...rest } = decision
    plainer.push(rest as Decision)
  }
  if (decision.do === 'deliver') {
    if (decision.again !== 0) plainer.push({ ...decision, again: 0 })
    if (decision.state !== 'right') plainer.push({ ...decision, state: 'right' })
    if (decision.final !== 'no') plainer.push({ ...decision, final: 'no' })
  }
  if (decision.do === 'vote') {
    if (decision.backMs !== 0) plainer.push({ ...decision, backMs: 0 })
    if (decision.options.length > 1) plainer.push({ ...decision, options: decision.options.slice(0, 1) })
  }
  return plainer
}
