/** To be closed when the work is done. */
export type Later = (close: () => Promise<unknown>) => void

/**
 * Does work, then closes what it has opened, the last first, and all of it: also when the work fails, or a closing does.
 *
 * @throws the work's error, else the first of a closing
 */
export const withClosing = async <T>(work: (later: Later) => Promise<T>): Promise<T> => {
  const closings: (() => Promise<unknown>)[] = []
  const failures: unknown[] = []
  const fail = (error: unknown): void => void failures.push(error)
  const done = await work((close) => closings.push(close)).then((value) => ({ value }), fail)
  for (const close of closings.toReversed()) await close().catch(fail)
  if (failures.length > 0 || done === undefined) throw failures[0]
  return done.value
}
