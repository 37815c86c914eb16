import { loadavg } from 'node:os'
import { readComplaints } from '../../../load/bench/watchers.ts'
import { findReadPress } from '../../../load/bench/watchers-press.ts'
import { voteComplaints, watchersMarkdown, watchersShortfalls } from '../../../load/bench/watchers-report.ts'
import { type Flags, flagLines, readFlags } from '../command.ts'
import { interruptible } from '../interruption.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { documentFlags, publisher } from './document.ts'
import { machineLine } from './machine.ts'
import { withOwnPlacar } from './own-placar.ts'
import { withServers } from './server-group.ts'
import { readWhileVoting } from './watchers-run.ts'

const flags = {
  rounds: { value: 'N', says: 'turns of each server at each kind of read, alternating', default: '5' },
  seconds: { value: 'N', says: 'length of a turn', default: '5' },
  'warm-up': { value: 'N', says: 'seconds that each server is warmed up for, for each kind', default: '2' },
  connections: { value: 'N', says: 'connections of the reader, one read under way on each', default: '64' },
  rate: { value: 'N', says: 'votes per second meanwhile', default: '1000' },
  shards: { value: 'N', says: 'shards of the Placar that is measured', default: '4' },
  'min-reads': { value: 'N', says: 'fail under so many reads per second of either kind', default: '0' },
  ...documentFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- watchers [flags]

Scoreboard reads per second while votes come in, in full (200) and with the ETag seen last (304 until it changes), beside a
bare node:http server that gives the same bytes from memory. The votes are counted and compared in the end. Both servers
are started for it, on ports of their own.

${flagLines(flags)}`

export const watchersBenchmark: Choice = {
  summary: 'scoreboard reads per second while votes come in, beside a bare node:http server',
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
    const rate = line.number('rate', 1, 100_000)
    const minReads = line.number('min-reads', 0, 1_000_000)
    const press = findReadPress()
    const publish = await publisher(line, 'watchers', args)
    const load = loadavg()[0] ?? 0

    say('Starting a Placar.\n')
    const { reads, votes } = await interruptible((signal) =>
      withOwnPlacar(['--shards', String(shards), '--no-shard-limits'], signal, (placar) =>
        withServers(signal, (servers) => readWhileVoting(servers, placar, settings, rate, press, signal)),
      ),
    )
    const failures = [
      ...voteComplaints(votes),
      ...readComplaints(reads),
      ...watchersShortfalls(reads, minReads),
    ]
    const machine = machineLine(new Date())
    const circumstances = [
      `${machine}; load average ${load.toFixed(1)} before. ${press.name}, ${settings.connections} connections, ${shards} shards;`,
      `rounds: ${settings.rounds}, a turn: ${settings.seconds} s.`,
    ].join('\n')
    await publish(watchersMarkdown(reads, votes, failures, circumstances), {
      machine,
      load,
      client: press.name,
      settings: { ...settings, rate, shards },
      reads,
      votes,
      failures,
    })
    return failures.length === 0
  },
}
