import { explainUnanswered, type Ground } from './ground.ts'

/**
 * Runs what votes in a ground and closes it. When that fails, the run's own poll is closed all the same, or its closing
 * awaited: one that cannot be closed is said in a line, and the failure is the run's.
 *
 * @throws what the run threw; `InstanceError` where nothing answers
 */
export const closedAnyhow = async <T>(
  ground: Ground,
  say: (text: string) => void,
  run: (ground: Ground) => Promise<T>,
): Promise<T> => {
  const { url, poll, close } = ground
  if (close === undefined)
    return await run(ground).catch((error: unknown) => {
      throw explainUnanswered(error, url)
    })
  let closing: ReturnType<typeof close> | undefined
  const closeOnce = (): ReturnType<typeof close> => {
    closing ??= close()
    return closing
  }
  try {
    return await run({ ...ground, close: closeOnce })
  } catch (error) {
    say(`Closing ${poll}.\n`)
    await closeOnce().catch((problem: Error) => say(`${poll} could not be closed: ${problem.message}\n`))
    throw explainUnanswered(error, url)
  }
}
