import { setTimeout as sleep } from 'node:timers/promises'
import { maxBatchVotes } from '../../../ingest/vote.ts'
import { countReader } from '../../../load/count.ts'
import { patience } from '../../../load/reconcile.ts'
import { steadyText } from '../../../load/report.ts'
import { steady, type Thresholds } from '../../../load/steady.ts'
import type { Address } from '../../../load/volley/connection.ts'
import { type CommandLine, type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { fraction } from './fraction.ts'
import { defaultOptions, explainUnanswered, findGround, groundFlags } from './ground.ts'
import type { Choice } from './menu.ts'
import { countProgress, say, volleyEvents } from './progress.ts'

const flags = {
  rate: { value: 'N', says: 'votes per second', default: '1000' },
  seconds: { value: 'N', says: 'for so long', default: '30' },
  batch: {
    value: 'N',
    says: `votes per request, up to ${maxBatchVotes}; 1 posts single votes`,
    default: '1',
  },
  options: {
    value: 'a=3,b=1',
    says: `options and their weights (${defaultOptions}, or all of --poll alike)`,
  },
  'unknown-option': { value: 'F', says: 'fraction of votes for an option that is not there', default: '0' },
  'unknown-poll': { value: 'F', says: 'fraction of votes for a poll that is not there', default: '0' },
  connections: { value: 'N', says: 'keep-alive connections', default: '256' },
  pipeline: { value: 'N', says: 'requests sent together on a connection, unanswered', default: '1' },
  workers: { value: 'N', says: 'generator threads', default: '1' },
  seed: { value: 'N', says: 'chooses the votes; the same one, the same votes', default: '1' },
  wait: { value: 'S', says: 'seconds to wait for answers, and for the count, in the end', default: '30' },
  'max-p99-ms': { value: 'N', says: 'fail when the 99th percentile to the answer is over this' },
  'max-counted-p99-ms': { value: 'N', says: 'fail when that from accepted to counted is over this' },
  'min-rate-held': { value: 'F', says: 'fail when less than this was sent within 10 ms of its moment' },
  json: { says: 'print the result as JSON' },
  ...groundFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run load -- steady [flags]

Holds one rate of votes for a while, whatever the server does; then the count must equal what was accepted.
A shard takes 1,000 requests/s, unless Placar was started with --no-shard-limits.

${flagLines(flags)}`

export const steadyScenario: Choice = {
  summary: 'one rate of single or batched votes, held for a while (--rate 20000 --seconds 60)',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const volley = volleyOf(line)
    const mix = mixOf(line)
    const thresholds = thresholdsOf(line)
    const runMs = volley.seconds * 1_000 + volley.drainMs
    const ground = await findGround(line, line.text('options'), runMs, addressOf)
    const report = await steady(
      {
        ...volley,
        address: addressOf(ground.url),
        mix: { ...mix, poll: ground.poll, options: ground.options },
      },
      thresholds,
      {
        reader: countReader(ground.url, ground.poll),
        now: Date.now,
        sleep: (ms) => sleep(ms),
        progress: countProgress(say, Date.now),
      },
      { ...patience, catchUpMs: volley.drainMs },
      volleyEvents(`Voting in ${ground.poll} at ${ground.url}`, say),
    ).catch((error: unknown) => {
      throw explainUnanswered(error, ground.url)
    })
    console.log(line.on('json') ? JSON.stringify(report, null, 2) : steadyText(report))
    return report.failures.length === 0
  },
}

const volleyOf = (line: CommandLine) => {
  const volley = {
    rate: line.number('rate', 1, 1_000_000),
    seconds: line.number('seconds', 1, 86_400),
    connections: line.number('connections', 1, 10_000),
    pipeline: line.number('pipeline', 1, 100),
    threads: line.number('workers', 1, 64),
    seed: line.number('seed', 0, 2 ** 32 - 1),
    drainMs: line.number('wait', 1, 3_600) * 1_000,
  }
  if (volley.connections < volley.threads)
    throw new UsageError(`--connections must be at least --workers, ${volley.threads}.`)
  return volley
}

const mixOf = (line: CommandLine) => ({
  batch: line.number('batch', 1, maxBatchVotes),
  unknownOptionShare: fraction(line, 'unknown-option', 0.5),
  unknownPollShare: fraction(line, 'unknown-poll', 0.4),
})

const thresholdsOf = (line: CommandLine): Thresholds => {
  const ms = (name: string): number | undefined =>
    line.said(name) ? line.number(name, 0, 3_600_000) : undefined
  return {
    maxP99Ms: ms('max-p99-ms'),
    maxCountedP99Ms: ms('max-counted-p99-ms'),
    minRateHeld: line.said('min-rate-held') ? fraction(line, 'min-rate-held', 1) : undefined,
  }
}

/** Throws `UsageError` for https, which the generator does not speak. */
const addressOf = (url: string): Address => {
  const { protocol, hostname, port, pathname } = new URL(url)
  if (protocol !== 'http:')
    throw new UsageError(`The volley generator speaks plain HTTP only; the smoke scenario can reach ${url}.`)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 80),
    basePath: pathname.replace(/\/$/, ''),
  }
}
