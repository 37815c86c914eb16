import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './menu.ts'

/**
 * Reads the flags of a command; there are no other arguments.
 *
 * @throws UsageError for an unknown flag, one without its value, or an argument that is no flag
 */
export const readFlags = <const T extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: T,
) => {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}.`)
  }
}

type Bounds = { least: number; most: number; whole?: boolean }

/** Reads a number flag. @throws UsageError naming the flag, what it got and what it takes */
export const numberFlag = (name: string, text: string, { least, most, whole = false }: Bounds): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value
  throw new UsageError(
    `--${name} takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}, got "${text}".`,
  )
}

/** The same for a flag that may be left out. */
export const optionalNumber = (name: string, text: string | undefined, bounds: Bounds): number | undefined =>
  text === undefined ? undefined : numberFlag(name, text, bounds)

/** Reads `--target`: an address without the slash at its end. @throws UsageError for what is no http(s) address */
export const targetFlag = (text: string): string => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new UsageError(`--target takes an address such as http://127.0.0.1:8080, got "${text}".`)
  return url.href.replace(/\/$/, '')
}
