import { rateText } from '../../../dashboard/site/model/figures.ts'
import { assumptions } from '../../../load/cost/assumptions.ts'
import { demandOf, neededShards } from '../../../load/shards/auto-demand.ts'
import type { Finding } from '../../../load/shards/heat-finding.ts'
import type { StreamReading } from '../../../load/shards/reading.ts'
import { findingText, readingNotes, shardTable } from '../../../load/shards/show-text.ts'
import { type Flags, flagLines, readFlags } from '../command.ts'
import { findInstance, instanceFlags } from '../instance.ts'
import type { Choice } from '../load/menu.ts'
import { findHot } from './find-hot.ts'
import { explainRefusal } from './set-refusal.ts'
import { streamReader } from './stream-reader.ts'

const flags = {
  json: { says: 'print the reading and what was found as JSON' },
  ...instanceFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run shards -- show [flags]

Shows each open shard: its range of hash keys (the first digits, in hexadecimal) and the share of all that is; votes,
records and bytes per second, the share of its limit that is used, throttled records, how far reading is behind, and the
last minutes as a line of bars. Then says which shards are hot, and why: a wide range of hash keys (split it) or one
partition key (splitting will not help). Of a shard that looks like the latter, the newest records are sampled. Figures
are from CloudWatch and from the count store's ledgers; on AWS they are a minute or two old, and CloudWatch bills each
metric that is asked for.

${flagLines(flags)}`

export const showCommand: Choice = {
  summary: 'each shard with its load and limit; hot shards and hot keys told apart',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const instance = await findInstance(line, process.env)
    const reader = streamReader(instance)
    try {
      const reading = await reader.read()
      const found = await findHot(reader, reading, new Map())
      console.log(
        line.on('json') ? JSON.stringify({ ...reading, findings: found }, null, 2) : text(reading, found),
      )
      return true
    } catch (error) {
      throw explainRefusal(error, instance)
    } finally {
      reader.close()
    }
  },
}

/** What more shards would mend: `undefined` while nothing is throttled, or what is offered would fit if it were even. */
const tooSmallText = (reading: StreamReading, found: readonly Finding[]): string | undefined => {
  const hotKeys = new Set(found.filter(({ kind }) => kind === 'hot key').map(({ heat }) => heat.shardId))
  const demand = demandOf(reading, hotKeys)
  if (demand === null || demand.throttledPerSecond === 0) return undefined
  const needed = neededShards(demand, assumptions.headroom)
  if (needed <= reading.shards.length) return undefined
  return `The stream is too small: ${rateText(demand.throttledPerSecond)} of ${rateText(demand.offeredPerSecond)} records/s are throttled, and what is offered needs ${needed} shards. npm run shards -- set ${needed}.`
}

const text = (reading: StreamReading, found: readonly Finding[]): string => {
  const words = found.map((finding) => findingText(finding, reading))
  const tooSmall = tooSmallText(reading, found)
  if (tooSmall !== undefined) words.push(tooSmall)
  else if (found.length === 0) words.push('No shard is hot.')
  return [...shardTable(reading), '', ...readingNotes(reading), '', ...words].join('\n')
}
