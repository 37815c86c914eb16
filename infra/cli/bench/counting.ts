import { loadavg } from 'node:os'
import { benchCounting, type CountingSettings, countingShortfalls } from '../../../load/bench/counting.ts'
import { countingMarkdown } from '../../../load/bench/counting-report.ts'
import { pipeline } from '../../config.ts'
import { type Flags, flagLines, readFlags } from '../command.ts'
import { fraction } from '../load/fraction.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { documentFlags, publisher } from './document.ts'
import { machineLine, packageVersion } from './machine.ts'

const flags = {
  rounds: { value: 'N', says: 'turns of each way to count, alternating', default: '9' },
  batches: { value: 'N', says: 'batches of a turn', default: '20' },
  records: { value: 'N', says: 'records of a batch', default: String(pipeline.aggregator.batchSize) },
  'warm-up': { value: 'N', says: 'turns of each before the first round', default: '2' },
  'min-of-floor': {
    value: 'F',
    says: "fail when the median ratio to the floor's is under this",
    default: '0',
  },
  'min-of-powertools': { value: 'F', says: "the same, to Powertools'", default: '0' },
  ...documentFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- counting [flags]

Records per second of the aggregator's handler, without a table behind it, beside the base64 and JSON.parse of the same
records with nothing else, and beside Powertools' asynchronous processor with a plain count behind it. The handler does all
that it does on AWS: the rules, exactly-once, latency, the audit's digest, the ledger's text. All take turns in one process.

${flagLines(flags)}`

export const countingBenchmark: Choice = {
  summary: "the aggregator's records per second, beside bare JSON.parse and Powertools' processor",
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const settings: CountingSettings = {
      rounds: line.number('rounds', 1, 1_000),
      batches: line.number('batches', 1, 10_000),
      records: line.number('records', 1, 10_000),
      warmUpTurns: line.number('warm-up', 0, 1_000),
    }
    const minimum = {
      ofFloor: fraction(line, 'min-of-floor', 10),
      ofPowertools: fraction(line, 'min-of-powertools', 10),
    }
    const publish = await publisher(line, 'counting', args)
    const load = loadavg()[0] ?? 0
    process.env.POWERTOOLS_METRICS_DISABLED = 'true' // they would go to stdout
    process.env.POWERTOOLS_LOG_LEVEL = 'INFO'

    const steadyNow = (): number => performance.now()
    const report = await benchCounting(settings, Date.now(), steadyNow, (what, perSecond) =>
      say(`${what.padEnd(24)} ${Math.round(perSecond).toLocaleString('en-US').padStart(9)} records/s\n`),
    )
    report.failures.push(...countingShortfalls(report.summary, minimum))
    const machine = machineLine(new Date())
    const { rounds, batches, records } = settings
    const circumstances = [
      `${machine}, ${packageVersion('@aws-lambda-powertools/batch')}; load average ${load.toFixed(1)} before.`,
      `Rounds: ${rounds}, a turn: ${batches} batches of ${records.toLocaleString('en-US')} records.`,
    ].join('\n')
    await publish(countingMarkdown(report, circumstances), {
      machine,
      load,
      settings,
      ...report,
    })
    return report.failures.length === 0
  },
}
