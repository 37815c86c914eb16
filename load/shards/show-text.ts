import type { Traffic } from '../../dashboard/read-model.ts'
import { ageText, rateText } from '../../dashboard/site/model/figures.ts'
import type { Finding } from './heat-finding.ts'
import { type ShardReading, type StreamReading, shareOfLimit } from './reading.ts'
import { sparkline } from './sparkline.ts'

/** Of a table for terminals of 100 columns. */
const sparkWidth = 10
const idPrefix = 'shardId-'

type Column = { head: string; cell(shard: ShardReading): string; total?: string; left?: true }

/** The open shards as an aligned table, a line each, and one for all where there are several. */
export const shardTable = ({ shards, traffic }: StreamReading): string[] => {
  const full = Math.max(1, ...shards.flatMap(({ history }) => history))
  const sum = (value: (shard: ShardReading) => number): number =>
    shards.reduce((total, shard) => total + value(shard), 0)
  const rate = (name: string, of: (traffic: Traffic) => string): Column => ({
    head: name,
    cell: ({ traffic }) => (traffic === null ? '–' : of(traffic)),
    total: traffic === null ? '–' : of(traffic),
  })
  const columns: Column[] = [
    { head: idPrefix, cell: ({ id }) => id.replace(idPrefix, ''), total: 'all', left: true },
    {
      head: 'range',
      cell: ({ range }) => `${firstDigits(range.start)}–${firstDigits(range.end)}`,
      left: true,
    },
    { head: 'keys', cell: ({ rangeShare }) => percent(rangeShare), total: percent(1) },
    {
      head: 'votes/s',
      cell: ({ votesPerSecond }) => rateText(votesPerSecond),
      total: rateText(sum(({ votesPerSecond }) => votesPerSecond)),
    },
    rate('records/s', ({ recordsPerSecond }) => rateText(recordsPerSecond)),
    rate('KiB/s', ({ bytesPerSecond }) => rateText(bytesPerSecond / 1024)),
    { ...rate('of limit', (of) => percent(shareOfLimit(of))), total: '' },
    rate('throttled', ({ throttledPerSecond }) => rateText(throttledPerSecond)),
    { head: 'behind', cell: ({ iteratorAgeMs }) => (iteratorAgeMs === null ? '–' : ageText(iteratorAgeMs)) },
    { head: 'lately', cell: ({ history }) => sparkline(history, full, sparkWidth), left: true },
  ]
  const rows = shards.map((shard) => columns.map(({ cell }) => cell(shard)))
  if (shards.length > 1) rows.push(columns.map(({ total = '' }) => total))
  return aligned(columns, rows)
}

/** Of a hash key, which has 32 hexadecimal ones. */
const firstDigits = (hashKey: string): string => BigInt(hashKey).toString(16).padStart(32, '0').slice(0, 4)

const aligned = (columns: readonly Column[], rows: readonly string[][]): string[] => {
  const lines = [columns.map(({ head }) => head), ...rows]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines.map((line) =>
    columns
      .map(({ left }, at) => {
        const [text = '', width = 0] = [line[at], widths[at]]
        return left ? text.padEnd(width) : text.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** What to know of a reading besides its figures, a line each. */
export const readingNotes = ({
  shards,
  traffic,
  shardMetrics,
  measuredMs,
  status,
}: StreamReading): string[] => {
  const notes: string[] = []
  if (status !== 'ACTIVE') notes.push(`The stream is ${status}.`)
  if (traffic === null) notes.push('Its metrics have no fresh values: what producers send is not known now.')
  else
    notes.push(
      `Rates of records, bytes and throttles are means over ${measuredMs / 1000} s; votes/s is the newest complete window.`,
    )
  if (!shardMetrics)
    notes.push(
      'Metrics by shard are off, so votes/s by shard come from the counted windows alone. The setting shardMetrics (npm run deploy -- -c shardMetrics=true) turns them on; AWS bills them per shard and metric.',
    )
  const unlimited = shards.some(
    ({ traffic }) => traffic && traffic.throttledPerSecond === 0 && shareOfLimit(traffic) > 1.1,
  )
  if (unlimited)
    notes.push("A shard takes more than AWS's limit: this instance does not hold it (--no-shard-limits).")
  return notes
}

/** What is the matter with a shard and what mends it, in words. */
export const findingText = (
  finding: Finding,
  { stream, endpoint }: Pick<StreamReading, 'stream' | 'endpoint'>,
): string => {
  const { heat } = finding
  const { shardId, trafficShare, rangeShare } = heat
  const gets = `${shardId} gets ${percent(trafficShare)} of the traffic with ${percent(rangeShare)} of the hash keys`
  const aws = endpoint === undefined ? 'aws' : `aws --endpoint-url ${endpoint}`
  const split = (at: string): string =>
    `${aws} kinesis split-shard --stream-name ${stream} --shard-to-split ${shardId} --new-starting-hash-key ${at}`
  switch (finding.kind) {
    case 'hot shard':
      return `Hot shard: ${gets}: its range is wide. Split it (${split(finding.splitAt)}), or take the stream to another count, which shares the keys out evenly: npm run shards -- set N.`
    case 'hot key':
      return `Hot key: ${gets}, and ${percent(finding.keyShare)} of its ${rateText(finding.sampled)} newest records have the partition key ${JSON.stringify(finding.key)}. Splitting will not help, all records of a key go to one shard: spread the key, as Placar's gateway does (a key of its own per request).`
    case 'crowded range':
      return `Hot shard: ${gets}: the traffic is dense there, but not by one key (the most frequent of ${rateText(finding.sampled)} sampled records makes ${percent(finding.keyShare)}). Split it (${split(finding.splitAt)}).`
    case 'suspected key':
      return `Hot key, probably: ${gets}, more than the range explains; ${finding.why}. If one partition key makes most of it, splitting will not help: spread the key.`
  }
}

/** "62 %", "<1 %". */
export const percent = (share: number): string =>
  share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`
