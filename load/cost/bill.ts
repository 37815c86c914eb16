/** One item of a bill, in US dollars. */
export type Line = { item: string; usd: number }

export type Bill = { lines: readonly Line[]; usd: number }

/** A bill of these items, those that cost nothing left out. */
export const bill = (items: Readonly<Record<string, number>>): Bill => {
  const lines = Object.entries(items).flatMap(([item, usd]) => (usd > 0 ? [{ item, usd }] : []))
  return { lines, usd: lines.reduce((sum, line) => sum + line.usd, 0) }
}

/** The same bill for each million of so many votes. */
export const perMillion = ({ lines, usd }: Bill, votes: number): Bill => {
  const share = 1e6 / votes
  return { lines: lines.map((line) => ({ ...line, usd: line.usd * share })), usd: usd * share }
}
