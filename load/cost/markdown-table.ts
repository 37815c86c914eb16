/** A table as Markdown. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** US dollars with as many digits as matter. */
export const dollars = (usd: number): string => {
  if (usd >= 100) return count(Math.round(usd))
  if (usd >= 1) return usd.toFixed(2)
  return usd < 0.0005 ? 'below 0.001' : usd.toFixed(3)
}

export const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 })
