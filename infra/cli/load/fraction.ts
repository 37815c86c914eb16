import { type CommandLine, UsageError } from '../command.ts'

/** A fraction from 0 to `most`; throws `UsageError` for anything else. */
export const fraction = (line: CommandLine, name: string, most: number): number => {
  const text = line.text(name) ?? ''
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= most) return value
  throw new UsageError(`--${name} must be a number from 0 to ${most}, not ${JSON.stringify(text)}.`)
}
