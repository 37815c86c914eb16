/** Tells the operators something; `details` are logged beside the message. */
export type Warn = (message: string, details: { error?: unknown }) => void

/**
 * A metric that may be shown without. One that cannot be had is unknown, `null`, and no reason to show no scoreboard; but
 * `message` is told, once each time that what was known becomes unknown.
 */
export const watched = <T>(
  read: () => Promise<T | null>,
  message: string,
  warn: Warn,
): (() => Promise<T | null>) => {
  let known = true
  return async () => {
    const { value, ...details } = await read().then(
      (value) => ({ value }),
      (error: unknown) => ({ value: null, error }),
    )
    if (known && value === null) warn(message, details)
    known = value !== null
    return value
  }
}
