import { LoadError } from '../load-error.ts'

/** Fills the `{{ … }}` of a text. */
export type Fill = (text: string) => string

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * The template functions of Artillery that volley knows, and a scenario's variables.
 *
 * @param random the next random number, 0 to 1
 * @returns throws `LoadError` for anything else between the braces
 */
export const filler =
  (variables: Readonly<Record<string, string>>, random: () => number): Fill =>
  (text) =>
    text.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
      const [, name = '', argumentsText = ''] = /^\$?([\w-]+)(?:\((.*)\))?$/.exec(expression) ?? []
      const value = expression.startsWith('$')
        ? functions[name]?.(random, ...argumentsText.split(',').map(Number))
        : variables[name]
      if (value !== undefined) return value
      throw new LoadError(`Volley cannot fill in {{ ${expression} }}; it knows ${knownTo(variables)}.`)
    })

/** Whether filling a text in twice may give two texts. */
export const isRandom = (text: string): boolean => /\{\{\s*\$/.test(text)

const randomText = (random: () => number, length: number, from: string): string =>
  Array.from({ length }, () => from[Math.floor(random() * from.length)]).join('')

const functions: Record<string, (random: () => number, ...of: number[]) => string> = {
  uuid: (random) => {
    const hex = (length: number) => randomText(random, length, '0123456789abcdef')
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${randomText(random, 1, '89ab')}${hex(3)}-${hex(12)}`
  },
  randomString: (random, length = 10) => randomText(random, length || 10, letters),
  randomNumber: (random, least = 0, most = 0) => String(least + Math.floor(random() * (most - least + 1))),
}

const knownTo = (variables: Readonly<Record<string, string>>): string =>
  [...Object.keys(variables), ...Object.keys(functions).map((name) => `$${name}()`)].join(', ')
