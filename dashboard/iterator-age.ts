/** Tells the operators something; `details` are logged beside the message. */
export type Warn = (message: string, details: { error?: unknown }) => void

/**
 * How far counting is behind, in ms. A metric that cannot be had is unknown, `null`, and no reason to show no
 * scoreboard; but it is told, once each time that a known age becomes unknown.
 */
export const watchedAge = (
  read: () => Promise<number | null>,
  warn: Warn,
): (() => Promise<number | null>) => {
  let known = true
  return async () => {
    const { age, ...details } = await read().then(
      (age) => ({ age }),
      (error: unknown) => ({ age: null, error }),
    )
    if (known && age === null) warn('It is not known how far counting is behind', details)
    known = age !== null
    return age
  }
}
