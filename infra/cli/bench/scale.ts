import { loadavg } from 'node:os'
import type { Poll } from '../../../ingest/poll.ts'
import { maxBatchVotes } from '../../../ingest/vote.ts'
import { measureCell, type ScaleCell, type ScaleResult, scaleCells } from '../../../load/bench/scale.ts'
import { scaleMarkdown } from '../../../load/bench/scale-report.ts'
import { processesBelow, usageOf } from '../../../load/bench/scale-usage.ts'
import { prepareClosing } from '../close-poll.ts'
import { type Flags, flagLines, readFlags } from '../command.ts'
import { countTableClient } from '../instance.ts'
import { interruptible } from '../interruption.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { documentFlags, publisher } from './document.ts'
import { machineLine } from './machine.ts'
import { demoOptions, demoPoll, withOwnPlacar } from './own-placar.ts'

const flags = {
  all: { says: 'the whole grid; without, shards grow at 1 million votes and votes at 16 shards' },
  rounds: { value: 'N', says: 'rounds of all cells', default: '2' },
  'max-votes': { value: 'N', says: 'leave out the cells with more votes', default: '10000000' },
  ...documentFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- scale [flags]

How cost grows as work grows: votes per second, memory and time to the final result at 4, 16, 64 and 256 shards and at
0.1, 1 and 10 million votes. Each cell is a Placar that was just started, filled through /votes/batch as fast as it accepts,
without shard limits; its poll is closed at the last answer, and the count must be exact.

${flagLines(flags)}`

/** As many batches as are under way at a time. */
const connections = 32

/** Votes are not taken as fast as they are due, by far: answers are awaited for so long. */
const drainMs = 600_000

export const scaleBenchmark: Choice = {
  summary: 'votes per second, memory and time to final as shards and votes grow',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const count = line.number('rounds', 1, 100)
    const maxVotes = line.number('max-votes', 1, 10_000_000)
    const cells = scaleCells(line.on('all')).filter(({ votes }) => votes <= maxVotes)
    const publish = await publisher(line, 'scale', args)
    const before = loadavg()[0] ?? 0

    const results: ScaleResult[] = []
    await interruptible(async (signal) => {
      for (let n = 1; n <= count; n++)
        for (const cell of cells) {
          say(`round ${n} of ${count}: ${named(cell)}\n`)
          const result = await measure(cell, signal)
          results.push(result)
          say(resultLine(result))
        }
    })

    const failures = results.flatMap(({ failures }) => failures)
    const machine = machineLine(new Date())
    const circumstances = `${machine}, load average before ${before.toFixed(1)}; ${count} round${count === 1 ? '' : 's'}, batches of ${maxBatchVotes}, ${connections} under way, shard limits off, every Placar just started. Generator and server share the machine; memory and CPU time are those of the server's processes.`
    await publish(scaleMarkdown(results, failures, circumstances), {
      machine,
      results,
      failures,
    })
    return failures.length === 0
  },
}

const measure = (cell: ScaleCell, signal: AbortSignal): Promise<ScaleResult> =>
  withOwnPlacar(
    ['--shards', String(cell.shards), '--no-shard-limits'],
    signal,
    async ({ address, instance }) => {
      const pids = processesBelow(process.pid)
      const mix = {
        poll: demoPoll,
        options: demoOptions,
        unknownOptionShare: 0,
        unknownPollShare: 0,
        batch: maxBatchVotes,
      }
      const client = countTableClient(instance)
      const closing = await prepareClosing(demoPoll, { instance, client, progress: sayClosing })
      try {
        return await measureCell(
          cell,
          { address, mix, connections, pipeline: 1, threads: 1, seed: 1, drainMs },
          {
            close: async () => resultOf(await closing.close()),
            usage: () => (pids === undefined ? undefined : usageOf(pids)),
          },
          () => performance.timeOrigin + performance.now(),
          (accepted) =>
            say(`  ${accepted.toLocaleString('en-US')} of ${cell.votes.toLocaleString('en-US')}\n`),
          signal,
        )
      } finally {
        closing.end()
        client.destroy()
      }
    },
  )

const sayClosing = ({ passed, shards }: { passed: number; shards: number }): void =>
  say(`  closing: ${passed} of ${shards} shards\n`)

const resultOf = ({ id, result }: Poll) => {
  if (result === undefined) throw new Error(`The final poll ${id} has no result.`)
  return result
}

const named = ({ shards, votes }: ScaleCell): string =>
  `${shards} shards, ${votes.toLocaleString('en-US')} votes`

const resultLine = ({ acceptedPerSecond, toFinalSeconds, memory, failures }: ScaleResult): string =>
  `  ${Math.round(acceptedPerSecond).toLocaleString('en-US')} accepted/s, final after ${toFinalSeconds.toFixed(2)} s, ${memory === null ? 'memory not measured' : `${Math.round(memory.peakBytes / 1e6)} MB at most`}, ${failures.length === 0 ? 'exact' : 'NOT exact'}\n`
