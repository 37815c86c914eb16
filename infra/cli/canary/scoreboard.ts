import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { InstanceError } from '../instance.ts'
import { explainUnanswered } from '../load/ground.ts'

/** No request of the canary waits longer for its answer. */
export const answerWithinMs = 10_000

/** The poll's scoreboard; `undefined` while it is not known. Throws `InstanceError` for any other answer, or none. */
export const readScoreboard = async (url: string, poll: string): Promise<Scoreboard | undefined> => {
  const path = `${url}/polls/${poll}/scoreboard`
  const response = await fetch(path, { signal: AbortSignal.timeout(answerWithinMs) }).catch(
    (error: unknown) => {
      throw explainUnanswered(error, url)
    },
  )
  if (response.status === 404) return undefined
  if (response.status !== 200)
    throw new InstanceError(`GET ${path} was answered ${response.status}, expected 200.`)
  return (await response.json()) as Scoreboard
}
