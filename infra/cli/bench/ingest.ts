import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { benchIngest } from '../../../load/bench/ingest.ts'
import { ingestText } from '../../../load/bench/ingest-report.ts'
import { autocannon, findPress, wrk } from '../../../load/bench/press.ts'
import { countReader } from '../../../load/count.ts'
import { LoadError } from '../../../load/load-error.ts'
import { patience } from '../../../load/reconcile.ts'
import { type CommandLine, type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { fraction } from '../load/fraction.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { machineLine } from './machine.ts'
import { freePorts, type ServerProcess, startServer } from './server.ts'

const flags = {
  rounds: { value: 'N', says: 'turns of each server, alternating', default: '5' },
  seconds: { value: 'N', says: 'length of a turn', default: '10' },
  'warm-up': { value: 'N', says: 'seconds that each server is warmed up for', default: '5' },
  connections: { value: 'N', says: 'connections of the client, one vote under way on each', default: '64' },
  shards: { value: 'N', says: 'shards of the Placar that is measured', default: '4' },
  client: { value: 'NAME', says: 'wrk or autocannon (default wrk, where it is on the PATH)' },
  'min-ratio': { value: 'F', says: 'fail when the median ratio is under this' },
  json: { says: 'print the result as JSON' },
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- ingest [flags]

Single-vote POSTs per second: Placar, without shard limits and with every vote on disk before its 202, beside a bare
node:http server that parses the same JSON and answers 202. Both are started for it, on ports of their own.

${flagLines(flags)}`

/** The poll that a new data folder comes with, and one of its options. */
const poll = 'demo'
const option = 'ana'

const cliFolder = join(import.meta.dirname, '..')
const bareServer = join(import.meta.dirname, '..', '..', '..', 'load', 'bench', 'bare-server.ts')

export const ingestBenchmark: Choice = {
  summary: 'single votes per second, beside a bare node:http server that parses the same JSON',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const settings = {
      option,
      rounds: line.number('rounds', 1, 1_000),
      seconds: line.number('seconds', 1, 3_600),
      warmUpSeconds: line.number('warm-up', 1, 3_600),
      connections: line.number('connections', 1, 10_000),
    }
    const shards = line.number('shards', 1, 512)
    const press = pressOf(line)
    const minRatio = line.said('min-ratio') ? fraction(line, 'min-ratio', 10) : 0

    const report = await withServers(shards, (url, bare) =>
      benchIngest(
        { ...settings, placar: `${url}/polls/${poll}/votes`, bare },
        press,
        { reader: countReader(url, poll), now: Date.now, sleep: (ms) => sleep(ms) },
        patience,
        (what, perSecond) => say(`${what.padEnd(20)} ${Math.round(perSecond)} votes/s\n`),
      ),
    )
    if (report.summary.ratio < minRatio)
      report.failures.push(
        `the median ratio is ${report.summary.ratio.toFixed(3)}, at least ${minRatio} required`,
      )
    const machine = machineLine(new Date())
    const circumstances = `${machine}\n${press.name}, ${settings.connections} connections, ${settings.seconds} s a turn, ${shards} shards`
    console.log(
      line.on('json')
        ? JSON.stringify({ machine, client: press.name, shards, settings, ...report }, null, 2)
        : ingestText(report, circumstances),
    )
    return report.failures.length === 0
  },
}

const pressOf = (line: CommandLine) => {
  const name = line.text('client')
  if (name === undefined) return findPress()
  const found = [wrk, autocannon].find((press) => press.name === name)
  if (found === undefined)
    throw new UsageError(`--client must be wrk or autocannon, not ${JSON.stringify(name)}.`)
  return found
}

/** Starts a new Placar and a bare server whose answers are as long, runs `measure`, and leaves nothing behind. */
const withServers = async <T>(
  shards: number,
  measure: (placar: string, bare: string) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'placar-bench-'))
  const running: ServerProcess[] = []
  // Ctrl-C ends the servers, which ends the measurement; what is left to do is to tidy up.
  const tidyUp = (): void => {}
  process.on('SIGINT', tidyUp)
  try {
    const [port = 0, awsPort = 0, barePort = 0] = await freePorts(3)
    say('Starting a Placar and a bare server for it.\n')
    const ports = ['--port', String(port), '--aws-port', String(awsPort)]
    const data = ['--data-dir', folder, '--shards', String(shards), '--no-shard-limits']
    running.push(await startServer([join(cliFolder, 'start.ts'), ...ports, ...data], 'Placar is running'))
    const placar = `http://127.0.0.1:${port}`
    const answer = await sampleAnswer(placar)
    running.push(await startServer([bareServer, String(barePort), answer], 'listening'))
    return await measure(placar, `http://127.0.0.1:${barePort}/polls/${poll}/votes`)
  } finally {
    process.off('SIGINT', tidyUp)
    for (const server of running.toReversed()) await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * What Placar answers to a vote; the sample is for no poll, and counted before anything is measured.
 *
 * @throws LoadError unless it is a 202 and soon counted
 */
const sampleAnswer = async (placar: string): Promise<string> => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ option })
  const url = `${placar}/polls/a-poll-that-was-never-created/votes`
  const response = await fetch(url, { method: 'POST', headers, body })
  if (response.status !== 202) throw new LoadError(`A vote was answered ${response.status}, expected 202.`)
  const reader = countReader(placar, poll)
  const giveUpAt = performance.now() + sampleCountedWithinMs
  while ((await reader.count()).system.votes === 0) {
    if (performance.now() > giveUpAt) throw new LoadError('The first vote was not counted within 30 s.')
    await sleep(100)
  }
  return await response.text()
}

const sampleCountedWithinMs = 30_000
