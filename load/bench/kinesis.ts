import type { RecordTally } from './kinesis-record.ts'
import { median, ratioSpread, type Spread } from './ratio.ts'

export type KinesisSide = 'placar' | 'kinesalite'
const sides: readonly KinesisSide[] = ['placar', 'kinesalite']

export type KinesisOperation = 'PutRecords' | 'GetRecords' | 'PutRecord'

/** What came of pressing one kind of request on one server for a while. */
export type KinesisTurn = {
  requests: number
  records: number
  recordsPerSecond: number
  /** CPU time of the server's process meanwhile, which the clients have no part in. */
  serverCpuMs: number
  /** The records stored. */
  tally: RecordTally
}

/** A stream on one of the servers. */
export type BenchStream = { side: KinesisSide; name: string; shards: readonly string[] }

/** The clients and the two servers, as the benchmark sees them. All reject when a request fails or is refused. */
export type KinesisPress = {
  createStream(side: KinesisSide, shardCount: number): Promise<BenchStream>
  deleteStream(stream: BenchStream): Promise<void>
  press(stream: BenchStream, operation: KinesisOperation, seconds: number): Promise<KinesisTurn>
  /** Stores this many records with PutRecords. */
  fill(stream: BenchStream, records: number): Promise<RecordTally>
  /** Reads all records of a stream. */
  readBack(stream: BenchStream): Promise<RecordTally>
}

export type KinesisSettings = { rounds: number; seconds: number; warmUpSeconds: number; shards: number }

export type KinesisRound = Readonly<Record<KinesisSide, KinesisTurn>>

export type KinesisSummary = {
  /** Records per second, medians, and the ratios round by round. */
  placar: number
  kinesalite: number
  ratio: Spread
  /** CPU time of the server for one request, medians, ms. */
  cpuMs: Readonly<Record<KinesisSide, number>>
}

export type KinesisReport = {
  operations: { operation: KinesisOperation; rounds: KinesisRound[]; summary: KinesisSummary }[]
  /** Stored by both servers, and read back as they were written. */
  readBack: number
  failures: string[]
}

/** What a full page of GetRecords holds, and how many there are to read. */
export const pageRecords = 10_000
const pages = 5

/**
 * Has the two servers take turns at each kind of request. What a put turn stores goes to a stream of its own, which is
 * read back whole and compared when the turn is over; pages are read from a log that was filled, and compared, before.
 *
 * @param progress told of each turn's records per second
 */
export const benchKinesis = async (
  settings: KinesisSettings,
  press: KinesisPress,
  progress: (what: string, recordsPerSecond: number) => void,
): Promise<KinesisReport> => {
  const report: KinesisReport = { operations: [], readBack: 0, failures: [] }

  const compare = async (stream: BenchStream, stored: RecordTally): Promise<void> => {
    const found = await press.readBack(stream)
    report.readBack += found.records
    const complaint = tallyComplaint(stored, found)
    if (complaint) report.failures.push(`${stream.side}: ${complaint}`)
  }

  const putTurn = async (side: KinesisSide, operation: KinesisOperation, seconds: number) => {
    const stream = await press.createStream(side, settings.shards)
    const turn = await press.press(stream, operation, seconds)
    await compare(stream, turn.tally)
    await press.deleteStream(stream)
    return turn
  }

  const takeTurns = async (
    operation: KinesisOperation,
    turn: (side: KinesisSide, seconds: number) => Promise<KinesisTurn>,
  ): Promise<void> => {
    const round = async (seconds: number, what: string): Promise<KinesisRound> => {
      const said = async (side: KinesisSide): Promise<KinesisTurn> => {
        const result = await turn(side, seconds)
        progress(`${operation} ${what}, ${side}`, result.recordsPerSecond)
        return result
      }
      return { placar: await said('placar'), kinesalite: await said('kinesalite') }
    }
    await round(settings.warmUpSeconds, 'warm-up')
    const rounds: KinesisRound[] = []
    for (let n = 1; n <= settings.rounds; n++) rounds.push(await round(settings.seconds, `round ${n}`))
    report.operations.push({ operation, rounds, summary: summariseKinesis(rounds) })
  }

  await takeTurns('PutRecords', (side, seconds) => putTurn(side, 'PutRecords', seconds))

  const logs = new Map<KinesisSide, BenchStream>()
  const logOf = async (side: KinesisSide): Promise<BenchStream> => {
    const known = logs.get(side)
    if (known) return known
    const stream = await press.createStream(side, 1)
    await compare(stream, await press.fill(stream, pages * pageRecords))
    logs.set(side, stream)
    return stream
  }
  await takeTurns('GetRecords', async (side, seconds) =>
    press.press(await logOf(side), 'GetRecords', seconds),
  )
  for (const side of sides) await press.deleteStream(await logOf(side))

  await takeTurns('PutRecord', (side, seconds) => putTurn(side, 'PutRecord', seconds))
  return report
}

/** What is wrong with the records read back, if anything is. */
export const tallyComplaint = (stored: RecordTally, found: RecordTally): string | undefined => {
  if (found.records !== stored.records)
    return `${stored.records} records were acknowledged, ${found.records} were read back`
  if (found.sum !== stored.sum)
    return `the ${found.records} records that were read back are not those that were written`
  return undefined
}

/** @throws RangeError without rounds */
export const summariseKinesis = (rounds: readonly KinesisRound[]): KinesisSummary => {
  const medianOf = (value: (round: KinesisRound) => number): number => median(rounds.map(value))
  return {
    placar: medianOf(({ placar }) => placar.recordsPerSecond),
    kinesalite: medianOf(({ kinesalite }) => kinesalite.recordsPerSecond),
    ratio: ratioSpread(
      rounds.map(({ placar }) => placar.recordsPerSecond),
      rounds.map(({ kinesalite }) => kinesalite.recordsPerSecond),
    ),
    cpuMs: {
      placar: medianOf(({ placar }) => placar.serverCpuMs / placar.requests),
      kinesalite: medianOf(({ kinesalite }) => kinesalite.serverCpuMs / kinesalite.requests),
    },
  }
}
