/** Environment variable that names the stream of votes. */
export const streamNameVariable = 'PLACAR_STREAM'

/**
 * A required setting of a handler. Throws an error that names what is missing.
 *
 * @param environment usually `process.env`, read once when the handler is loaded
 */
export const required = (environment: Readonly<Record<string, string | undefined>>, name: string): string => {
  const value = environment[name]
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`)
  return value
}
