import { count } from '../cost/markdown-table.ts'
import type { ShardPlan } from './plan.ts'
import type { ClosingTime } from './plan-closing.ts'
import { costText } from './plan-text-cost.ts'
import { quotasText } from './plan-text-quotas.ts'
import { quotas } from './quotas.ts'
import { maxSteppedShards, stepDuration } from './steps.ts'

/** A plan as it is read in a terminal, its reasons with it. */
export const planText = (plan: ShardPlan): string =>
  [headText(plan), stepsText(plan), quotasText(plan.quotas), closingText(plan), costText(plan)].join('\n\n')

const headText = ({ request, record, shards, unevenness }: ShardPlan): string => {
  const { needed, binds, byRecords, byBytes } = shards
  const lines = [
    `${many(request.votesPerSecond, 'vote')}/s: ${many(needed, 'shard')}. The ${binds} bind, and headroom is × ${request.headroom}.`,
    '',
    `  a record  ${many(record.votes, 'vote')}, ${count(record.bytes)} bytes with its key; ${rate(record.perSecond)} records/s, ${rate(record.bytesPerSecond / 2 ** 20)} MiB/s`,
    `  records   ${rate(byRecords)} times what a shard takes, 1,000 records/s`,
    `  bytes     ${rate(byBytes)} times what a shard takes, 1 MiB/s`,
  ]
  if (unevenness !== undefined)
    lines.push(
      `  uneven    a shard gets ${rate(unevenness.usual)} records/s and takes ${rate(unevenness.takes)}; chance alone brings ${rate(unevenness.fullest)} now and then,`,
      `            which is answered 429 and must be sent again. Smaller batches make it rarer, or --headroom ${unevenness.headroom}`,
    )
  return lines.join('\n')
}

const sources = {
  instance: 'what the instance has',
  given: '--from',
  assumed: 'the default, since no instance was found; --from N says another',
} as const

const stepsText = ({ request: { present }, shards: { needed }, scaling }: ShardPlan): string => {
  const down = present.shards > needed ? ', which is more than needed' : ''
  const head = `Steps from ${many(present.shards, 'shard')} (${sources[present.source]})${down}`
  const { steps } = scaling
  if (present.onDemand)
    return `${head}\n  none: the stream is on demand, and AWS scales it by itself.\n  ${anew(needed)}`
  if (needed > maxSteppedShards)
    return `${head}\n  none lead there: UpdateShardCount stops at ${count(maxSteppedShards)} shards unless AWS raises it. Batches need fewer, and so does each of several Regions.`
  if (steps.length === 0) return `${head}\n  none: it has that many already.`
  const width = Math.max(...steps.map(({ from, to }) => `${count(from)} → ${count(to)}`.length))
  return [
    head,
    ...steps.map(({ from, to, isMultipleOf25Percent }) => {
      const step = `  ${`${count(from)} → ${count(to)}`.padEnd(width)}  ${stepDuration.aws}`
      return isMultipleOf25Percent ? step : `${step}; perhaps longer, not being a multiple of 25 %`
    }),
    `  A step's time is AWS's own word (API reference, UpdateShardCount); it gives no figure. On a laptop ${stepDuration.laptop}.`,
    `  ${budget(scaling)}`,
    `  npm run shards -- set ${needed} takes them. ${anew(needed)}`,
  ].join('\n')
}

const budget = ({ steps, stepsADay, daysAtLeast }: ShardPlan['scaling']): string => {
  const used = `${steps.length} of the ${stepsADay} that a stream may take in any 24 hours; how many are left AWS does not tell`
  if (daysAtLeast === 0) return `${used}.`
  return `${steps.length} steps, and a stream may take ${stepsADay} in any 24 hours: this takes at least ${many(daysAtLeast, 'day')}.`
}

const anew = (needed: number): string => {
  const stack = `A new stream can have ${needed} from the start: shards in cdk.json`
  return needed > laptopShards
    ? `${stack}.`
    : `${stack}, or npm start -- --shards ${needed} with a new data folder.`
}

/** infra/local holds itself to the least that AWS gives an account. */
const laptopShards = quotas.shards.least.given

const closingText = ({ closing: { aws, laptop } }: ShardPlan): string =>
  `From the last vote to the final scoreboard (a prediction: the longest waits, nothing being behind, without round trips)
  AWS       ${waits(aws)}
  a laptop  ${waits(laptop)}, and a turn of its cores for every shard
  A viewer sees it up to a second later, for so long is the scoreboard cached. Never measured on AWS. Measured on a laptop with 64 shards: docs/benchmarks.md, Closing.`

const waits = ({ closerMs, readMs, foldMs, lookMs, totalMs }: ClosingTime): string =>
  `${seconds(totalMs)}: the closer ${seconds(closerMs)} after closing, ${seconds(readMs)} until a shard is read, ${seconds(foldMs)} to count it, ${seconds(lookMs)} until that is seen`

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`
const many = (n: number, what: string): string => `${count(n)} ${what}${n === 1 ? '' : 's'}`

/** With as many digits as matter. */
const rate = (value: number): string =>
  value < 1_000 ? value.toLocaleString('en-US', { maximumSignificantDigits: 3 }) : count(Math.round(value))
