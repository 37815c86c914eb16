import { readFile } from 'node:fs/promises'
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

/**
 * Prints a benchmark's result, as Markdown, or as JSON where asked for, and puts the Markdown between the benchmark's
 * markers in the document.
 *
 * @param result what `--json` prints
 * @throws LoadError when the document cannot be read or written, or has no markers for this benchmark; it is printed by then
 */
export const publish = async (
  line: CommandLine,
  name: string,
  markdown: string,
  result: unknown,
): Promise<void> => {
  console.log(line.on('json') ? JSON.stringify(result, null, 2) : markdown)
  if (line.on('no-document')) return
  const file = line.needed('document')
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LoadError(`${file} cannot be read; say --document FILE or --no-document.`, { cause })
  })
  const filled = withResult(text, name, markdown)
  if (filled === undefined)
    throw new LoadError(
      `${file} has no lines "${opening(name)}" and "${closing(name)}" for the result; add them, or say --no-document.`,
    )
  await replaceFile(file, filled)
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
