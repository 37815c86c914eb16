import { loadavg } from 'node:os'
import {
  bareName,
  expressName,
  fastifyName,
  ingestMarkdown,
  ingestShortfalls,
} from '../../../load/bench/ingest-report.ts'
import { autocannon, findPress, wrk } from '../../../load/bench/press.ts'
import { type CommandLine, type Flags, flagLines, readFlags, UsageError } from '../command.ts'
import { interruptible } from '../interruption.ts'
import { fraction } from '../load/fraction.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { documentFlags, publisher } from './document.ts'
import { voteInTurns } from './ingest-run.ts'
import { machineLine, packageVersion } from './machine.ts'
import { withOwnPlacar } from './own-placar.ts'
import { withServers } from './server-group.ts'
import { redisVersion } from './server-redis.ts'

const flags = {
  rounds: { value: 'N', says: 'turns of each server, alternating', default: '5' },
  seconds: { value: 'N', says: 'length of a turn', default: '6' },
  'warm-up': { value: 'N', says: 'seconds that each server is warmed up for', default: '3' },
  connections: { value: 'N', says: 'connections of the client, one vote under way on each', default: '64' },
  shards: { value: 'N', says: 'shards of the Placar that is measured', default: '4' },
  client: { value: 'NAME', says: 'wrk or autocannon (default wrk, where it is on the PATH)' },
  'min-ratio': { value: 'F', says: `fail when the median ratio to ${bareName} is under this`, default: '0' },
  'min-fastify-ratio': { value: 'F', says: `the same for ${fastifyName}`, default: '0' },
  ...documentFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- ingest [flags]

Single-vote POSTs per second: Placar, without shard limits and with every vote on disk before its 202, beside a bare
node:http server that parses the same JSON and answers 202, and beside Fastify and Express with each vote counted in
Redis (HINCRBY) before its 202. All are started for it, on ports of their own. Without redis-server on the PATH
the last two are not measured.

${flagLines(flags)}`

export const ingestBenchmark: Choice = {
  summary: 'single votes per second, beside bare node:http, Fastify + Redis and Express + Redis',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const settings = {
      rounds: line.number('rounds', 1, 1_000),
      seconds: line.number('seconds', 1, 3_600),
      warmUpSeconds: line.number('warm-up', 1, 3_600),
      connections: line.number('connections', 1, 10_000),
    }
    const shards = line.number('shards', 1, 512)
    const press = pressOf(line)
    const required = {
      [bareName]: fraction(line, 'min-ratio', 10),
      [fastifyName]: fraction(line, 'min-fastify-ratio', 10),
    }
    const redis = redisVersion()
    const absent =
      redis === undefined
        ? [fastifyName, expressName].map((name) => ({ name, why: 'no redis-server on the PATH' }))
        : []
    for (const { name, why } of absent) say(`${name} is not measured: ${why}.\n`)
    const publish = await publisher(line, 'ingest', args)
    const load = loadavg()[0] ?? 0

    say('Starting a Placar and the servers beside it.\n')
    const report = await interruptible((signal) =>
      withOwnPlacar(['--shards', String(shards), '--no-shard-limits'], signal, ({ url }) =>
        withServers(signal, (servers) =>
          voteInTurns(servers, url, settings, redis !== undefined, press, signal),
        ),
      ),
    )
    report.failures.push(...ingestShortfalls(report, required))
    const machine = machineLine(new Date())
    const versions =
      redis === undefined
        ? []
        : [...['fastify', 'express', 'redis'].map(packageVersion), `redis-server ${redis}`]
    const circumstances = [
      `${machine}; load average ${load.toFixed(1)} before. ${press.name}, ${settings.connections} connections, ${shards} shards;`,
      `rounds: ${settings.rounds}, a turn: ${settings.seconds} s.`,
      ...(versions.length === 0
        ? []
        : [`${versions.join(', ')}, with its default settings: nothing is on disk before the answer.`]),
    ].join('\n')
    await publish(ingestMarkdown(report, absent, circumstances), {
      machine,
      load,
      client: press.name,
      versions,
      shards,
      settings,
      absent,
      ...report,
    })
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
