import { countedPoll, singleVotes } from './counting-batch.ts'
import { type Counts, placarCount, plainCount, powertoolsCount, readAll } from './counting-ways.ts'
import { ratioSpread, type Spread, spreadOf } from './ratio.ts'
import { rotated } from './rotation.ts'

export type CountingSettings = {
  rounds: number
  /** Batches in a turn. */
  batches: number
  /** Records in a batch. */
  records: number
  /** Turns of each before the first round. */
  warmUpTurns: number
}

const ways = ['floor', 'placar', 'powertools'] as const

/** The floor, Placar's aggregator, Powertools' asynchronous processor. */
export type CountingWay = (typeof ways)[number]

/** Records per second, turn by turn. */
export type CountingRound = Record<CountingWay, number>

/** Rates, and Placar's by the others', round by round. */
export type CountingSummary = Record<CountingWay, Spread> & { ofFloor: Spread; ofPowertools: Spread }

export type CountingReport = {
  rounds: CountingRound[]
  summary: CountingSummary
  /** Wrong counts, and what fell short of what was asked for. */
  failures: string[]
}

/**
 * Measures the three ways on one batch that is handed to each again and again, in turns; who begins goes round. What
 * they count is compared after every turn.
 *
 * @param now epoch ms: the votes arrived just then
 * @param steadyNow a steady clock in ms
 */
export const benchCounting = async (
  { rounds, batches, records, warmUpTurns }: CountingSettings,
  now: number,
  steadyNow: () => number,
  told: (what: string, perSecond: number) => void,
): Promise<CountingReport> => {
  const poll = countedPoll(now - 60_000)
  const batch = singleVotes(poll, records, records, now)
  const placar = await placarCount(poll, singleVotes(poll, records, 0, now))
  const powertools = powertoolsCount(poll)
  const expected = await plainCount(batch)
  const failures = new Set<string>()

  const check = (way: CountingWay, counted: Counts): void => {
    for (const option of new Set([...Object.keys(expected), ...Object.keys(counted)]))
      if (counted[option] !== expected[option])
        failures.add(`${way} counted ${counted[option] ?? 0} for ${option}, of ${expected[option] ?? 0}`)
  }
  const runs: Record<CountingWay, () => Promise<void>> = {
    floor: async () => {
      if (readAll(batch) !== records) failures.add(`the floor did not read ${records} votes`)
    },
    placar: async () => check('placar', await placar(batch)),
    powertools: async () => check('powertools', await powertools(batch)),
  }
  const turn = async (way: CountingWay): Promise<number> => {
    const startedAt = steadyNow()
    for (let done = 0; done < batches; done += 1) await runs[way]()
    return (batches * records * 1000) / (steadyNow() - startedAt)
  }

  for (let done = 0; done < warmUpTurns; done += 1) for (const way of ways) await turn(way)
  const measured: CountingRound[] = []
  for (let round = 0; round < rounds; round += 1) {
    const rates: CountingRound = { floor: 0, placar: 0, powertools: 0 }
    for (const way of rotated(ways, round)) {
      rates[way] = await turn(way)
      told(`round ${round + 1}  ${way}`, rates[way])
    }
    measured.push(rates)
  }
  return { rounds: measured, summary: summariseCounting(measured), failures: [...failures] }
}

/** @throws RangeError without rounds */
export const summariseCounting = (rounds: readonly CountingRound[]): CountingSummary => {
  const rates = (way: CountingWay): number[] => rounds.map((round) => round[way])
  return {
    floor: spreadOf(rates('floor')),
    placar: spreadOf(rates('placar')),
    powertools: spreadOf(rates('powertools')),
    ofFloor: ratioSpread(rates('placar'), rates('floor')),
    ofPowertools: ratioSpread(rates('placar'), rates('powertools')),
  }
}

/** What is asked for and not reached, in ratios of the medians round by round. */
export const countingShortfalls = (
  { ofFloor, ofPowertools }: CountingSummary,
  minimum: { ofFloor: number; ofPowertools: number },
): string[] => [
  ...short('the floor', ofFloor.median, minimum.ofFloor),
  ...short('Powertools', ofPowertools.median, minimum.ofPowertools),
]

const short = (of: string, found: number, required: number): string[] =>
  found < required ? [`${found.toFixed(2)} of ${of}, at least ${required} required`] : []
