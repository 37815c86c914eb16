import { resolve } from 'node:path'
import { pipeline } from '../../config.ts'
import { type CommandLine, type Flags, UsageError } from '../command.ts'

export const flags = {
  port: { value: 'N', says: 'where voters and the dashboard connect', default: '8080' },
  host: { value: 'ADDRESS', says: 'the address it listens on', default: '127.0.0.1' },
  'aws-port': { value: 'N', says: 'the AWS endpoint, on loopback', default: '4566' },
  'data-dir': { value: 'FOLDER', says: 'where everything is kept', default: '.placar' },
  shards: { value: 'N', says: 'shards of the stream, when the data folder is new', default: '4' },
  'window-seconds': {
    value: 'N',
    says: 'length of the tumbling windows, when the data folder is new',
    default: String(pipeline.aggregator.tumblingWindowSeconds),
  },
  'no-shard-limits': { says: "lift AWS's 1,000 records/s and 1 MiB/s per shard" },
  traffic: { value: 'N', says: 'send N synthetic votes a second to the poll demo' },
  help: { says: 'this help' },
} as const satisfies Flags

/** What `npm start` was asked for. */
export type Settings = {
  host: string
  port: number
  awsPort: number
  dataFolder: string
  shards: number
  /** Whether `shards` is the user's own choice. */
  shardsSaid: boolean
  windowSeconds: number
  /** Whether `windowSeconds` is the user's own choice. */
  windowSecondsSaid: boolean
  shardLimits: boolean
  /** Synthetic votes a second. */
  traffic: number
}

/** Throws `UsageError` for a value that is out of its range. */
export const readSettings = (line: CommandLine): Settings => {
  const settings = {
    host: line.text('host') ?? '',
    port: line.number('port', 1, 65_535),
    awsPort: line.number('aws-port', 1, 65_535),
    dataFolder: resolve(line.text('data-dir') ?? '.placar'),
    shards: line.number('shards', 1, 512),
    shardsSaid: line.said('shards'),
    // Lambda takes windows of up to 900 s (services-kinesis-parameters).
    windowSeconds: line.number('window-seconds', 1, 900),
    windowSecondsSaid: line.said('window-seconds'),
    shardLimits: !line.on('no-shard-limits'),
    traffic: line.said('traffic') ? line.number('traffic', 1, 100_000) : 0,
  }
  if (settings.port === settings.awsPort) throw new UsageError('--port and --aws-port must differ.')
  return settings
}
