import { loadavg } from 'node:os'
import { join } from 'node:path'
import { benchKinesis, type KinesisReport, type KinesisSettings } from '../../../load/bench/kinesis.ts'
import { type KinesisMinimum, kinesisMarkdown, shortfalls } from '../../../load/bench/kinesis-report.ts'
import { type Flags, flagLines, readFlags } from '../command.ts'
import { interruptible } from '../interruption.ts'
import { fraction } from '../load/fraction.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { documentFlags, publisher } from './document.ts'
import { runAppend } from './kinesis-append-run.ts'
import { startClients } from './kinesis-press.ts'
import { machineLine, packageVersion } from './machine.ts'
import { freePorts } from './server.ts'
import { type ServerGroup, withServers } from './server-group.ts'

const flags = {
  rounds: { value: 'N', says: 'turns of each server at each kind of request, alternating', default: '5' },
  seconds: { value: 'N', says: 'length of a turn', default: '4' },
  'warm-up': { value: 'N', says: 'seconds that each server is warmed up for, for each kind', default: '3' },
  clients: { value: 'N', says: "threads with the SDK's client", default: '2' },
  shards: { value: 'N', says: 'shards of the streams that are written', default: '4' },
  records: { value: 'N', says: 'records appended in process', default: '2000000' },
  sign: { says: 'have the SDK sign its requests, as it does by default' },
  'min-put-records-ratio': { value: 'F', says: 'fail when the median ratio is under this', default: '0' },
  'min-get-records-ratio': { value: 'F', says: 'the same', default: '0' },
  'min-put-record-ratio': { value: 'F', says: 'the same', default: '0' },
  'min-append': { value: 'N', says: 'fail under so many records per second in process', default: '0' },
  ...documentFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- kinesis [flags]

The embedded Kinesis beside kinesalite: PutRecords (500 records of 200 bytes), GetRecords (full pages of 10,000 such
records) and PutRecord (200 bytes), called with the AWS SDK for JavaScript. Ours has every record on disk (fdatasync)
before it answers; kinesalite keeps all in memory. Each server has a process of its own and is called over HTTP/1.1,
which is all that kinesalite speaks, by the same clients with as many requests under way. Whatever is stored is read
back and compared. Then records are appended in process, every batch synced.

The clients share the machine with the servers and take most of the time of a fast server's turn: the ratio of the rates is
less than that of the servers, which the CPU time of the servers' processes for one request shows, in the same rows. To
hide less, the clients do not sign (neither server checks signatures) and send through undici; --sign has them sign.

${flagLines(flags)}`

const serverProgram = join(import.meta.dirname, 'kinesis-server.ts')
const peerProgram = join(import.meta.dirname, '..', '..', '..', 'load', 'bench', 'kinesalite-server.ts')

export const kinesisBenchmark: Choice = {
  summary: 'PutRecords, GetRecords and PutRecord per second, beside kinesalite; appending in process',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const settings: KinesisSettings = {
      rounds: line.number('rounds', 1, 1_000),
      seconds: line.number('seconds', 1, 3_600),
      warmUpSeconds: line.number('warm-up', 1, 3_600),
      shards: line.number('shards', 1, 512),
    }
    const clients = line.number('clients', 1, 64)
    const records = line.number('records', 1_000, 1_000_000_000)
    const minimum: KinesisMinimum = {
      PutRecords: fraction(line, 'min-put-records-ratio', 1_000),
      GetRecords: fraction(line, 'min-get-records-ratio', 1_000),
      PutRecord: fraction(line, 'min-put-record-ratio', 1_000),
      appended: line.number('min-append', 0, 1_000_000_000),
    }
    const signed = line.on('sign')
    const publish = await publisher(line, 'kinesis', args)
    const load = loadavg()[0] ?? 0

    const { report, append } = await interruptible((signal) =>
      withServers(signal, async (servers) => {
        const report = await benchServers(settings, { clients, signed }, servers)
        say('Appending in process.\n')
        const append = await runAppend(join(servers.folder, 'appended'), records, settings.shards, signal)
        return { report, append }
      }),
    )
    report.failures.push(...shortfalls(report, append, minimum))
    const machine = machineLine(new Date())
    const told = kinesisMarkdown(report, append, circumstances(machine, load, settings, clients, signed))
    await publish(told, {
      machine,
      load,
      settings: { ...settings, clients, signed },
      append,
      ...report,
    })
    return report.failures.length === 0
  },
}

const circumstances = (
  machine: string,
  load: number,
  { rounds, seconds, warmUpSeconds, shards }: KinesisSettings,
  clients: number,
  signed: boolean,
): string =>
  [
    `${machine}; load average ${load.toFixed(1)} before. ${clients} SDK client${clients === 1 ? '' : 's'}, requests ${signed ? 'signed' : 'not signed'}, ${shards} shards;`,
    `rounds: ${rounds}, a turn: ${seconds} s, after ${warmUpSeconds} s of warm-up; rates and CPU times are medians. ${['kinesalite', '@aws-sdk/client-kinesis', 'undici'].map(packageVersion).join(', ')}.`,
  ].join('\n')

/** Starts the two servers and measures them. */
const benchServers = async (
  settings: KinesisSettings,
  { clients: threads, signed }: { clients: number; signed: boolean },
  servers: ServerGroup,
): Promise<KinesisReport> => {
  const [port = 0, usagePort = 0, peerPort = 0, peerUsagePort = 0] = await freePorts(4)
  say('Starting the embedded Kinesis and kinesalite.\n')
  await servers.node([serverProgram, `${port}`, `${usagePort}`, join(servers.folder, 'served')], 'listening')
  await servers.node([peerProgram, `${peerPort}`, `${peerUsagePort}`], 'listening')
  const clients = startClients(
    {
      placar: { endpoint: `http://127.0.0.1:${port}`, usagePort },
      kinesalite: { endpoint: `http://127.0.0.1:${peerPort}`, usagePort: peerUsagePort },
    },
    { threads, signed },
  )
  try {
    return await benchKinesis(settings, clients.press, (what, perSecond) =>
      say(`${what.padEnd(34)} ${Math.round(perSecond).toLocaleString('en-US').padStart(8)} records/s\n`),
    )
  } finally {
    await clients.close()
  }
}
