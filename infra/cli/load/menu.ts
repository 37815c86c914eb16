/** One of several things that a command can do, such as a load scenario or a benchmark. */
export type Choice = {
  /** What it does, in a line. */
  summary: string
  help: string
  /** @returns whether it passed; throws `UsageError` for wrong flags */
  run(args: string[]): Promise<boolean>
}

/** Said of a command line that cannot be carried out; the message names the flag and what was expected. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export type Menu = { command: string; about: string; choices: Record<string, () => Promise<Choice>> }

/** Runs the choice that the first argument names. @returns the exit code: 0 passed, 1 failed, 2 wrongly called */
export const runMenu = async (
  { command, about, choices }: Menu,
  [name, ...args]: string[],
  out: (text: string) => void,
  err: (text: string) => void,
): Promise<number> => {
  if (name === undefined || name === '--help' || name === '-h') {
    const loaded = await Promise.all(
      Object.entries(choices).map(async ([key, load]) => [key, await load()] as const),
    )
    const width = Math.max(...loaded.map(([key]) => key.length))
    const lines = loaded.map(([key, { summary }]) => `  ${key.padEnd(width)}  ${summary}\n`)
    out(`${about}\n\n${lines.join('')}\nnpm run ${command} -- <name> --help shows the flags.\n`)
    return 0
  }
  const load = Object.hasOwn(choices, name) ? choices[name] : undefined
  if (load === undefined) {
    err(`${command}: there is no "${name}"; there is ${Object.keys(choices).join(', ')}.\n`)
    return 2
  }
  const choice = await load()
  if (args.includes('--help') || args.includes('-h')) {
    out(choice.help)
    return 0
  }
  try {
    return (await choice.run(args)) ? 0 : 1
  } catch (error) {
    if (error instanceof UsageError) {
      err(`${command} ${name}: ${error.message} See npm run ${command} -- ${name} --help.\n`)
      return 2
    }
    err(`${command} ${name}: ${reason(error)}\n`)
    return 1
  }
}

/** A failure in one line, with what caused it. */
export const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  // Node's AggregateError of a refused connection has an empty message, but a code.
  const own = error.message || (error as NodeJS.ErrnoException).code || error.name
  return error.cause === undefined ? own : `${own} (${reason(error.cause)})`
}
