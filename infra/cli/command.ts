import { parseArgs } from 'node:util'

/** One flag of a command, for parsing and for its help. `value`: what stands behind it; without, it is a switch. */
export type Flag = { value?: string; says: string; default?: string; many?: boolean }
export type Flags = Readonly<Record<string, Flag>>

export type CommandLine = {
  /** What a flag was set to, or its default. */
  text(name: string): string | undefined
  all(name: string): readonly string[]
  on(name: string): boolean
  /** Whether the user said it, default or not. */
  said(name: string): boolean
  /** A whole number in a range; throws `UsageError` for anything else. */
  number(name: string, least: number, most: number): number
  /** A moment, epoch ms; throws `UsageError` for one without offset or Z, which would mean something else on every laptop. */
  instant(name: string): number | undefined
  /** What a flag was set to; throws `UsageError` where it was not. */
  needed(name: string): string
  words: readonly string[]
}

/** A command that was called wrongly; the message says what was expected. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Throws `UsageError` for a flag that is not in the table, or one without its value. */
export const readCommandLine = (args: readonly string[], flags: Flags): CommandLine => {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, many }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: many ?? false },
    ]),
  )
  const { values, positionals } = parse(args, options)
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : flags[name]?.default
  }
  return {
    text,
    all: (name) => ([values[name] ?? []].flat() as unknown[]).map(String),
    on: (name) => values[name] === true,
    said: (name) => values[name] !== undefined,
    number: (name, least, most) => {
      const value = text(name) ?? ''
      const number = Number(value)
      if (/^\d+$/.test(value) && number >= least && number <= most) return number
      throw new UsageError(
        `--${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}.`,
      )
    },
    instant: (name) => {
      const value = text(name)
      if (value === undefined) return undefined
      const ms = Date.parse(value)
      if (/(Z|[+-]\d\d:?\d\d)$/i.test(value) && !Number.isNaN(ms)) return ms
      throw new UsageError(
        `--${name} must be ISO 8601 with an offset or Z, as in 2026-12-31T22:00:00-03:00, not ${value}.`,
      )
    },
    needed: (name) => {
      const value = text(name)
      if (value === undefined) throw new UsageError(`--${name} is needed. See --help.`)
      return value
    },
    words: positionals,
  }
}

/** The end of a line about a word too many: npm keeps a flag that stands before `--` for itself and leaves its value. */
export const flagsBehindDashes = '; flags go behind --, as in npm start -- --port 8081. See --help.'

/** The same for a command that takes flags alone, `--help` among them: `undefined` when that was asked for and is told. */
export const readFlags = (args: readonly string[], flags: Flags, help: string): CommandLine | undefined => {
  const line = readCommandLine(args, flags)
  if (line.on('help')) {
    console.log(help)
    return undefined
  }
  if (line.words.length > 0) throw new UsageError(`${line.words[0]} is not expected here${flagsBehindDashes}`)
  return line
}

const parse = (
  args: readonly string[],
  options: Record<string, { type: 'boolean' | 'string'; multiple: boolean }>,
) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${parseProblem((error as Error).message)}. See --help.`)
  }
}

/** Node's first sentence; of a value such as -5, which it takes for a flag, the way in which to say it. */
const parseProblem = (message: string): string => {
  const flag = /use '(--.+?)=-XYZ'\.$/.exec(message)?.[1]
  return flag === undefined
    ? (message.split(/\.\s/)[0] ?? message)
    : `${flag} needs a value; one that begins with - is said as in ${flag}=-5`
}

/** The flags as lines of a help text. */
export const flagLines = (flags: Flags): string => {
  const rows = Object.entries(flags).map(([name, flag]) => ({
    left: flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`,
    right: flag.default === undefined ? flag.says : `${flag.says} (default ${flag.default})`,
  }))
  const width = Math.max(...rows.map(({ left }) => left.length))
  return rows.map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}

/** Errors whose message is all that a user needs; of any other, the whole story is told. */
const expected = new Set([
  'UsageError',
  'PollError',
  'DataFolderError',
  'PortError',
  'InstanceError',
  'StackError',
  'ArchiveError',
  'SettingsError',
])

/** Runs a command: a failure is one clear line on stderr and an exit code that is not 0. */
export const runCommand = async (main: (args: readonly string[]) => Promise<void>): Promise<void> => {
  try {
    await main(process.argv.slice(2))
  } catch (error) {
    const known = error instanceof Error && expected.has(error.name)
    console.error(known ? error.message : error)
    process.exitCode = 1
  }
}
