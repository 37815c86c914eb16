import type { Limits } from '../../../load/limits.ts'
import type { Aims } from '../../../load/playing/aims.ts'
import type { Address } from '../../../load/volley/connection.ts'
import type { VolleySettings } from '../../../load/volley/play.ts'
import { type CommandLine, type Flag, type Flags, UsageError } from '../command.ts'
import { fraction } from './fraction.ts'
import { groundFlags } from './ground.ts'

/** The flags of everything that volley sends. */
export const volleyFlags = {
  connections: { value: 'N', says: 'keep-alive connections', default: '256' },
  pipeline: { value: 'N', says: 'requests sent together on a connection, unanswered', default: '1' },
  workers: { value: 'N', says: 'generator threads', default: '1' },
  seed: { value: 'N', says: 'chooses the votes; the same one, the same votes', default: '1' },
  wait: { value: 'S', says: 'seconds to wait for answers, and for the count, in the end', default: '30' },
  'warm-up': {
    value: 'S',
    says: 'seconds of good votes before the run, in its poll and in none of its figures; 0 is none',
    default: '0',
  },
  'max-p99-ms': { value: 'N', says: 'fail when the 99th percentile to the answer is over this' },
  'max-counted-p99-ms': {
    value: 'N',
    says: 'fail when the 99th percentile from accepted to counted is over this',
  },
  'min-rate-held': { value: 'F', says: 'fail when less than this was sent within 10 ms of its moment' },
  'min-accepted-rate': {
    value: 'F',
    says: 'fail when votes were accepted at less than this part of the scheduled rate',
  },
  'max-final-ms': {
    value: 'N',
    says: 'fail when the result stood later than this after the last answer; not with --poll, which stays open',
  },
  hgrm: { value: 'FILE', says: 'write the latencies to the answer as an HdrHistogram text, in ms' },
  json: { says: 'print the result as JSON' },
  ...groundFlags,
  help: { says: 'this help' },
} as const satisfies Flags

export const scaleFlag = {
  scale: { value: 'F', says: 'multiply the rates by this, up to 100', default: '1' },
} as const satisfies Flags

/** The same flags for a scenario that says so much by itself, as their defaults. */
export const volleyFlagsWith = ({
  maxFinalMs,
  minAcceptedRate,
  minRateHeld,
  connections,
  pipeline,
  warmUpSeconds,
}: Aims) =>
  ({
    ...volleyFlags,
    connections: withDefault(volleyFlags.connections, connections),
    pipeline: withDefault(volleyFlags.pipeline, pipeline),
    'warm-up': withDefault(volleyFlags['warm-up'], warmUpSeconds),
    'max-final-ms': withDefault(volleyFlags['max-final-ms'], maxFinalMs),
    'min-accepted-rate': withDefault(volleyFlags['min-accepted-rate'], minAcceptedRate),
    'min-rate-held': withDefault(volleyFlags['min-rate-held'], minRateHeld),
  }) satisfies Flags

const withDefault = (flag: Flag, value: number | undefined): Flag =>
  value === undefined ? flag : { ...flag, default: String(value) }

/** Throws `UsageError` for a setting that cannot be. */
export const volleySettings = (line: CommandLine): VolleySettings => {
  const settings = {
    connections: line.number('connections', 1, 10_000),
    pipeline: line.number('pipeline', 1, 100),
    threads: line.number('workers', 1, 64),
    seed: line.number('seed', 0, 2 ** 32 - 1),
    drainMs: line.number('wait', 1, 3_600) * 1_000,
  }
  if (settings.connections < settings.threads)
    throw new UsageError(`--connections must be at least --workers, ${settings.threads}.`)
  return settings
}

/** Throws `UsageError` for what is not whole seconds. */
export const warmUpSecondsOf = (line: CommandLine): number => line.number('warm-up', 0, 3_600)

/** Throws `UsageError` for a limit that cannot be. */
export const limitsOf = (line: CommandLine): Limits => {
  const ms = (name: string): number | undefined =>
    line.text(name) === undefined ? undefined : line.number(name, 0, 3_600_000)
  const share = (name: string): number | undefined =>
    line.text(name) === undefined ? undefined : fraction(line, name, 1)
  if (line.said('max-final-ms') && line.said('poll'))
    throw new UsageError('--max-final-ms needs a poll of its own, which it closes; leave --poll out.')
  return {
    maxP99Ms: ms('max-p99-ms'),
    maxCountedP99Ms: ms('max-counted-p99-ms'),
    minRateHeld: share('min-rate-held'),
    minAcceptedRate: share('min-accepted-rate'),
    maxFinalMs: ms('max-final-ms'),
  }
}

/** More than 0; throws `UsageError` for anything else. */
export const scaleOf = (line: CommandLine): number => {
  const scale = fraction(line, 'scale', 100)
  if (scale > 0) return scale
  throw new UsageError('--scale must be more than 0.')
}

/** Throws `UsageError` for https, which the generator does not speak. */
export const addressOf = (url: string): Address => {
  const { protocol, hostname, port, pathname } = new URL(url)
  if (protocol !== 'http:')
    throw new UsageError(
      `The volley generator speaks plain HTTP only; a scenario with --generator artillery can reach ${url}.`,
    )
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 80),
    basePath: pathname.replace(/\/$/, ''),
  }
}
