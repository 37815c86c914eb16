import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import {
  type FreshnessRound,
  type FreshnessSettings,
  type FreshnessWorld,
  freshnessRound,
} from '../../../load/bench/freshness.ts'
import { freshnessMarkdown, freshnessShortfalls } from '../../../load/bench/freshness-report.ts'
import { recordBytes, shardsFor } from '../../../load/cost/stream.ts'
import { countReader } from '../../../load/count.ts'
import { patience } from '../../../load/reconcile.ts'
import { type CommandLine, type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { interruptible } from '../interruption.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { documentFlags, publisher } from './document.ts'
import { openFreshnessPage } from './freshness-page.ts'
import { machineLine } from './machine.ts'
import { demoOptions, demoPoll, withOwnPlacar } from './own-placar.ts'

const flags = {
  rates: { value: 'N,N', says: 'votes per second, one after the other', default: '1000,5000,20000' },
  rounds: { value: 'N', says: 'rounds of all rates', default: '3' },
  seconds: { value: 'N', says: 'length of a round at one rate', default: '20' },
  'warm-up': { value: 'N', says: 'seconds of votes before it', default: '5' },
  'max-visible-p50-ms': {
    value: 'N',
    says: 'fail when half of the votes at a rate took longer to be visible',
  },
  ...documentFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- freshness [flags]

How long an accepted vote takes to be counted, and to be visible on the dashboard in a real browser, at several rates of
single votes. Each round starts a Placar of its own, with the shards that its rate needs and their limits on.

${flagLines(flags)}`

export const freshnessBenchmark: Choice = {
  summary: 'from accepted to counted, and to visible in a real browser, at several rates',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const settings = {
      seconds: line.number('seconds', 1, 3_600),
      warmUpSeconds: line.number('warm-up', 1, 3_600),
    }
    const rates = ratesOf(line)
    const count = line.number('rounds', 1, 100)
    const maxMs = line.said('max-visible-p50-ms')
      ? line.number('max-visible-p50-ms', 0, 3_600_000)
      : undefined
    const publish = await publisher(line, 'freshness', args)
    const before = loadavg()[0] ?? 0

    const rounds: FreshnessRound[] = []
    const version = await interruptible(async (signal) => {
      // Of all benchmarks, only this one needs Playwright.
      const { openBrowser } = await import('./browser.ts')
      const browser = await openBrowser()
      try {
        for (let n = 1; n <= count; n++)
          for (const rate of rates) {
            say(
              `round ${n} of ${count}, ${rate} votes/s: starting a Placar, then ${settings.seconds} s of votes\n`,
            )
            const shards = shardsFor({ recordsPerSecond: rate, recordBytes: recordBytes(1) })
            const round = await measure(rate, { ...settings, shards }, browser, signal)
            rounds.push(round)
            say(roundLine(round))
          }
        return browser.version()
      } finally {
        await browser.close()
      }
    })

    const failures = rounds.flatMap(({ rate, failures }) =>
      failures.map((each) => `${rate} votes/s: ${each}`),
    )
    if (maxMs !== undefined) failures.push(...freshnessShortfalls(rounds, maxMs))
    const machine = machineLine(new Date())
    const circumstances = `${machine}, Chromium ${version}, load average before ${before.toFixed(1)}; ${count} round${count === 1 ? '' : 's'} of ${settings.seconds} s at each rate after ${settings.warmUpSeconds} s of warm-up, single votes, up to ${pipeline} under way on each of ${connections} connections, shard limits on.`
    await publish(freshnessMarkdown(rounds, failures, circumstances), {
      machine,
      settings,
      rounds,
      failures,
    })
    return failures.length === 0
  },
}

/** As in the scenario paredao. */
const connections = 64
const pipeline = 8

const measure = (
  rate: number,
  settings: FreshnessSettings,
  browser: Browser,
  signal: AbortSignal,
): Promise<FreshnessRound> =>
  withOwnPlacar(['--shards', String(settings.shards)], signal, async ({ url, address }) => {
    const page = await openFreshnessPage(browser, url, demoPoll)
    const mix = { poll: demoPoll, options: demoOptions, unknownOptionShare: 0, unknownPollShare: 0, batch: 1 }
    const spec = { address, mix, rate, connections, pipeline, threads: 1, seed: 1, drainMs: 30_000 }
    const surroundings = {
      reader: countReader(url, demoPoll),
      now: Date.now,
      sleep: (ms: number) => sleep(ms, undefined, { signal }),
    }
    try {
      return await freshnessRound(spec, settings, {
        page,
        surroundings,
        patience,
        signal,
        progress: teller(),
      })
    } finally {
      await page.close()
    }
  })

/** Throws `UsageError` for anything but whole rates with commas between them. */
const ratesOf = (line: CommandLine): number[] => {
  const text = line.needed('rates')
  const rates = text.split(',').map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : 0))
  if (rates.every((rate) => rate >= 1 && rate <= 400_000)) return rates
  throw new UsageError(
    `--rates must be whole numbers from 1 to 400000 with commas between them, not ${JSON.stringify(text)}.`,
  )
}

const tellEveryMs = 2_000

/** Says now and then how many votes have been accepted. */
const teller = (): FreshnessWorld['progress'] => {
  let toldAt = performance.now()
  return (what, accepted) => {
    if (performance.now() - toldAt < tellEveryMs) return
    toldAt = performance.now()
    say(`  ${what}: ${accepted.toLocaleString('en-US')} accepted\n`)
  }
}

const roundLine = ({ acceptedPerSecond, counted, visible }: FreshnessRound): string =>
  `  ${Math.round(acceptedPerSecond)} accepted/s; counted p50 ${counted.p50} p99 ${counted.p99} ms; visible p50 ${visible.p50} p99 ${visible.p99} ms\n`
