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
  // Of our two doors only the AWS endpoint sends this header, as DynamoDB does.
  if (response.status === 403 && response.headers.has('x-amz-crc32'))
    throw new InstanceError(
      `${url} looks like the AWS endpoint and not like the site, where votes are taken; --url must be the site's (on a laptop http://127.0.0.1:8080).`,
    )
  if (response.status !== 200)
    throw new InstanceError(`GET ${path} was answered ${response.status}, expected 200.`)
  return (await response.json()) as Scoreboard
}
