import { access, constants, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LoadError } from '../../../load/load-error.ts'
import { replaceFile } from '../../local/durable-file.ts'
import type { CommandLine, Flags } from '../command.ts'

/** The flags that say where a benchmark's result goes; every benchmark takes them. */
export const documentFlags = {
  document: {
    value: 'FILE',
    says: 'the document in which the result takes the place of the last one',
    default: 'docs/benchmarks.md',
  },
  'no-document': { says: 'print the result only' },
  json: { says: 'print the result as JSON' },
} as const satisfies Flags

/** Prints a benchmark's result and how it was called, as Markdown or, where asked for, as JSON, and keeps the Markdown. */
export type Publish = (markdown: string, values: object) => Promise<void>

/**
 * Finds the place for a benchmark's result, between its markers in the document, before anything is measured. What it
 * gives puts a result there, in a document that may have changed meanwhile, and prints it first.
 *
 * @param args of the benchmark, as they were said: a reader repeats it with them
 * @throws LoadError when the document cannot be read or written, or has no markers for this benchmark
 */
export const publisher = async (
  line: CommandLine,
  name: string,
  args: readonly string[],
): Promise<Publish> => {
  const command = ['npm run bench --', name, ...args.map(shellWord)].join(' ')
  const file = line.on('no-document') ? undefined : line.needed('document')
  if (file !== undefined) {
    await documentWith(file, name, '')
    // It is replaced by a new one beside it.
    await access(dirname(file), constants.W_OK).catch(notWritten(file))
  }
  return async (result, values) => {
    const markdown = `\`${command}\`\n\n${result}`
    console.log(line.on('json') ? JSON.stringify({ command, ...values }, null, 2) : markdown)
    if (file !== undefined)
      await replaceFile(file, await documentWith(file, name, markdown)).catch(notWritten(file))
  }
}

/** An argument as a shell takes it. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

const documentWith = async (file: string, name: string, markdown: string): Promise<string> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LoadError(`${file} cannot be read; say --document FILE or --no-document.`, { cause })
  })
  const filled = withResult(text, name, markdown)
  if (filled !== undefined) return filled
  throw new LoadError(
    `${file} has no lines "${opening(name)}" and "${closing(name)}" for the result; add them, or say --no-document.`,
  )
}

const notWritten =
  (file: string) =>
  (cause: unknown): never => {
    throw new LoadError(`${file} cannot be written; say --document FILE or --no-document.`, { cause })
  }

/** The document with `markdown` between the markers of the benchmark `name`; `undefined` where they are missing. */
export const withResult = (text: string, name: string, markdown: string): string | undefined => {
  const start = text.indexOf(`${opening(name)}\n`)
  const end = text.indexOf(closing(name), start)
  if (start < 0 || end < 0) return undefined
  return `${text.slice(0, start)}${opening(name)}\n\n${markdown.trim()}\n\n${text.slice(end)}`
}

const opening = (name: string): string => `<!-- bench:${name} -->`
const closing = (name: string): string => `<!-- /bench:${name} -->`
