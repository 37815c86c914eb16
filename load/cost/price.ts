/** So many US dollars for each unit, up to that many units in a month. */
export type Tier = { upTo: number; usd: number }

/**
 * Where a price was read. `aws`: in AWS's own text. `secondhand`: in somebody else's. `memory`: nowhere; written down as
 * remembered. Only the first may be quoted without a look at AWS's page.
 */
export type Standing = 'aws' | 'secondhand' | 'memory'

export type Price = {
  /** What is paid for, and the unit it is paid by. */
  what: string
  unit: string
  /** Pieces in a unit: a million requests, the bytes of a GB. Quantities are given in pieces. */
  pieces: number
  /** Ascending; the last one has no end. */
  tiers: readonly Tier[]
  /** The day on which it was read, or remembered. */
  asOf: string
  /** The page it was read on, or that what was read quotes; from memory, the one to check it by. */
  source: string
  standing: Standing
}

/** US dollars for a quantity of one month, in pieces, from the first tier up. */
export const charge = ({ tiers, pieces }: Price, quantity: number): number => {
  const units = quantity / pieces
  let usd = 0
  let from = 0
  for (const tier of tiers) {
    usd += Math.max(0, Math.min(units, tier.upTo) - from) * tier.usd
    from = tier.upTo
  }
  return usd
}
