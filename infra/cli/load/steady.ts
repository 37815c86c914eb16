import { setTimeout as sleep } from 'node:timers/promises'
import { maxBatchVotes } from '../../../ingest/vote.ts'
import { countReader } from '../../../load/count.ts'
import { patience } from '../../../load/reconcile.ts'
import { steadyText } from '../../../load/report.ts'
import { type SteadyEvents, steady, type Thresholds } from '../../../load/steady.ts'
import type { Address } from '../../../load/volley/connection.ts'
import type { VolleySpec } from '../../../load/volley/volley.ts'
import { numberFlag, optionalNumber, readFlags } from './flags.ts'
import { findGround, type Ground, groundFlags, groundHelp } from './ground.ts'
import { type Choice, UsageError } from './menu.ts'
import { countProgress, sentLine, showVolley } from './progress.ts'

const flags = {
  ...groundFlags,
  rate: { type: 'string', default: '1000' },
  seconds: { type: 'string', default: '30' },
  batch: { type: 'string', default: '1' },
  connections: { type: 'string', default: '256' },
  pipeline: { type: 'string', default: '1' },
  workers: { type: 'string', default: '1' },
  'unknown-option': { type: 'string', default: '0' },
  'unknown-poll': { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  wait: { type: 'string', default: '30' },
  'max-p99-ms': { type: 'string' },
  'max-counted-p99-ms': { type: 'string' },
  'min-rate-held': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const help = `npm run load -- steady [flags]: one rate of votes, held for a while; then the count must equal what was accepted.

  --rate N             votes per second (default 1000; each shard takes 1,000 requests/s unless limits are off)
  --seconds N          for so long (default 30)
  --batch N            votes per request: 1 posts single votes, up to ${maxBatchVotes} posts batches (default 1)
  --connections N      keep-alive connections, all threads together (default 256)
  --pipeline N         requests sent on one connection without awaiting answers (default 1)
  --workers N          generator threads (default 1, which is enough for 20,000 requests/s)
  --unknown-option F   fraction of votes for an option the poll does not have (default 0)
  --unknown-poll F     fraction of votes for a poll that does not exist (default 0)
  --seed N             chooses the votes; the same seed sends the same ones (default 1)
  --wait N             seconds to wait for answers, and for the count, at the end (default 30)
${groundHelp}  --max-p99-ms N           fail if the 99th percentile to the answer is over N
  --max-counted-p99-ms N   fail if the 99th percentile from accepted to counted is over N
  --min-rate-held F        fail if less than this fraction was sent within 10 ms of its moment
  --json               print the result as JSON
`

export const steadyScenario: Choice = {
  summary: 'one rate of single or batched votes, held for a while (--rate 20000 --seconds 60)',
  help,
  run: async (args) => {
    const values = readFlags(args, flags)
    const settings = readSettings(values)
    const ground = await findGround(values, Date.now())
    const report = await steady(
      { ...settings.volley, address: addressOf(ground.url), mix: { ...settings.mix, ...mixOf(ground) } },
      settings.thresholds,
      {
        reader: countReader(ground.url, ground.poll),
        now: Date.now,
        sleep: (ms) => sleep(ms),
        progress: countProgress(say, Date.now),
      },
      { ...patience, catchUpMs: settings.volley.drainMs },
      interruptible(ground),
    )
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : steadyText(report))
    return report.failures.length === 0
  },
}

const say = (line: string): void => {
  process.stderr.write(line)
}

const mixOf = ({ poll, options }: Ground) => ({ poll, options })

/** Shows progress; the first Ctrl-C ends the volley and reconciles, the second one ends the command. */
const interruptible = ({ url, poll }: Ground): SteadyEvents => {
  let finish = (): void => {}
  return {
    started: (stop, progress) => {
      say(`Voting in ${poll} at ${url}; Ctrl-C stops.\n`)
      process.once('SIGINT', stop)
      const hide = showVolley(progress, say)
      finish = () => {
        hide()
        process.off('SIGINT', stop)
      }
    },
    sent: (result) => {
      finish()
      say(sentLine(result))
    },
  }
}

type Values = ReturnType<typeof readFlags<typeof flags>>

const readSettings = (values: Values) => {
  const whole = { least: 1, whole: true }
  const share = { least: 0, most: 0.5 }
  const volley: Omit<VolleySpec, 'address' | 'mix'> = {
    rate: numberFlag('rate', values.rate, { least: 0.1, most: 1_000_000 }),
    seconds: numberFlag('seconds', values.seconds, { least: 0.1, most: 86_400 }),
    connections: numberFlag('connections', values.connections, { ...whole, most: 10_000 }),
    pipeline: numberFlag('pipeline', values.pipeline, { ...whole, most: 100 }),
    threads: numberFlag('workers', values.workers, { ...whole, most: 64 }),
    seed: numberFlag('seed', values.seed, { least: 0, most: 2 ** 32 - 1, whole: true }),
    drainMs: numberFlag('wait', values.wait, { least: 1, most: 3_600 }) * 1_000,
  }
  if (volley.connections < volley.threads)
    throw new UsageError(`--connections must be at least --workers (${volley.threads}).`)
  const mix = {
    batch: numberFlag('batch', values.batch, { ...whole, most: maxBatchVotes }),
    unknownOptionShare: numberFlag('unknown-option', values['unknown-option'], share),
    unknownPollShare: numberFlag('unknown-poll', values['unknown-poll'], { least: 0, most: 0.49 }),
  }
  const limit = (name: 'max-p99-ms' | 'max-counted-p99-ms' | 'min-rate-held', most: number) =>
    optionalNumber(name, values[name], { least: 0, most })
  const thresholds: Thresholds = {
    maxP99Ms: limit('max-p99-ms', 3_600_000),
    maxCountedP99Ms: limit('max-counted-p99-ms', 3_600_000),
    minRateHeld: limit('min-rate-held', 1),
  }
  return { volley, mix, thresholds }
}

/** @throws UsageError for https, which the generator does not speak */
const addressOf = (url: string): Address => {
  const { protocol, hostname, port, pathname } = new URL(url)
  if (protocol !== 'http:')
    throw new UsageError(`the volley generator speaks plain HTTP only, and the target is ${url}.`)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 80),
    basePath: pathname.replace(/\/$/, ''),
  }
}
