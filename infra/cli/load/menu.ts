import { LoadError } from '../../../load/load-error.ts'
import { UsageError } from '../command.ts'

/** One of several things that a command can do, such as a load scenario or a benchmark. */
export type Choice = {
  /** What it does, in a line. */
  summary: string
  /** Runs it with the arguments behind its name; `false`: it ran, and failed. */
  run(args: readonly string[]): Promise<boolean>
}

/** Runs the choice named by the first argument; without one, lists them. Throws `UsageError` for an unknown name. */
export const runMenu = async (
  command: string,
  about: string,
  choices: Readonly<Record<string, Choice>>,
  [name, ...args]: readonly string[],
): Promise<void> => {
  if (name === undefined || name === '--help') {
    const width = Math.max(...Object.keys(choices).map((key) => key.length))
    const lines = Object.entries(choices).map(
      ([key, { summary }]) => `  ${key.padEnd(width)}  ${wrapped(summary, columns - width - 4, width + 4)}`,
    )
    console.log(
      `npm run ${command} -- <name> [flags]\n\n${about}\n\n${lines.join('\n')}\n\nThe flags: npm run ${command} -- <name> --help`,
    )
    return
  }
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined
  if (choice === undefined)
    throw new UsageError(`${name} is none of ${Object.keys(choices).join(', ')}. See --help.`)
  try {
    if (!(await choice.run(args))) process.exitCode = 1
  } catch (error) {
    if (!(error instanceof LoadError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

const columns = 110

/** A text in lines of at most `width` characters, all but the first behind `indent` spaces. */
const wrapped = (text: string, width: number, indent: number): string =>
  text.replace(new RegExp(`(.{1,${width}})(?: +|$)`, 'g'), (_, line: string, at: number) =>
    at === 0 ? line : `\n${' '.repeat(indent)}${line}`,
  )
