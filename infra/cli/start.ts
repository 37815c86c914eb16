import { resolve } from 'node:path'
import { pipeline } from '../config.ts'
import { openDataFolder } from '../local/data-folder.ts'
import { expectFreePort } from '../local/port.ts'
import { startRuntime } from '../local/runtime.ts'
import { type Flags, flagLines, readCommandLine, runCommand, UsageError } from './command.ts'
import { watchNpm } from './npm-parent.ts'
import { ensureDemo } from './start/demo.ts'
import { openSite } from './start/open-site.ts'
import { untilStopped } from './start/stop.ts'
import { startTraffic } from './start/traffic.ts'

const flags = {
  port: { value: 'N', says: 'where voters and the dashboard connect', default: '8080' },
  host: { value: 'ADDRESS', says: 'the address it listens on', default: '127.0.0.1' },
  'aws-port': { value: 'N', says: 'the AWS endpoint, on loopback', default: '4566' },
  'data-dir': { value: 'FOLDER', says: 'where everything is kept', default: '.placar' },
  shards: { value: 'N', says: 'shards of the stream, when the data folder is new', default: '4' },
  'window-seconds': {
    value: 'N',
    says: 'length of the tumbling windows',
    default: String(pipeline.aggregator.tumblingWindowSeconds),
  },
  'no-shard-limits': { says: "lift AWS's 1,000 records/s and 1 MiB/s per shard" },
  traffic: { value: 'N', says: 'send N synthetic votes a second to the poll demo' },
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm start [-- flags]

Runs the whole pipeline on this machine: gateway, stream, aggregators, count store and dashboard.

${flagLines(flags)}`

const run = async (args: readonly string[]): Promise<void> => {
  const line = readCommandLine(args, flags)
  if (line.on('help')) {
    console.log(help)
    return
  }
  if (line.words.length > 0) throw new UsageError(`${line.words[0]} is not expected here. See --help.`)
  const host = line.text('host') ?? ''
  const port = line.number('port', 1, 65_535)
  const awsPort = line.number('aws-port', 1, 65_535)
  const shards = line.number('shards', 1, 512)
  // Lambda takes windows of up to 900 s (services-kinesis-parameters).
  const windowSeconds = line.number('window-seconds', 1, 900)
  const traffic = line.said('traffic') ? line.number('traffic', 1, 100_000) : 0
  if (port === awsPort) throw new UsageError('--port and --aws-port must differ.')

  const folder = await openDataFolder(resolve(line.text('data-dir') ?? '.placar'))
  await expectFreePort(host, port, '--port')
  await expectFreePort('127.0.0.1', awsPort, '--aws-port')
  const { site, built } = openSite()
  const shardLimits = !line.on('no-shard-limits')
  const runtime = await startRuntime({
    host,
    port,
    awsPort,
    folder: folder.path,
    shards,
    windowSeconds,
    shardLimits,
    site,
  })
  const { url, awsEndpoint } = runtime
  await folder.announce({ pid: process.pid, url, awsEndpoint, startedAt: new Date().toISOString() })
  await built
  await ensureDemo(runtime.dynamo)
  const stopTraffic = traffic > 0 ? startTraffic(host, port, traffic) : undefined

  const differs = line.said('shards') && shards !== runtime.shards
  console.log(`Placar is running, with ${runtime.shards} shards${shardLimits ? '' : ' and no shard limits'}.

  Dashboard     ${url}
  Vote          curl --json '{"option":"ana"}' ${url}/polls/demo/votes
  AWS endpoint  ${awsEndpoint}
  Data folder   ${folder.path}
${differs ? `\n  The stream in this folder has ${runtime.shards} shards; --shards ${shards} shapes a new folder only.\n` : ''}
  Stop with Ctrl-C. To start afresh, stop it and delete the data folder.`)

  await untilStopped(watchNpm)
  await stopTraffic?.()
  await runtime.close()
  folder.close()
  console.log('Stopped: every vote that was answered is stored.')
}

await runCommand(run)
// Whatever a library left open must not keep the process.
process.exit()
