import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DesignRounds,
  type DesignRun,
  designRounds,
  designsShortfalls,
  wrongCounts,
} from '../../../load/bench/designs.ts'
import { designsMarkdown } from '../../../load/bench/designs-report.ts'
import { pipeline } from '../../config.ts'
import { type Flags, flagLines, readFlags } from '../command.ts'
import { interruptible } from '../interruption.ts'
import { fraction } from '../load/fraction.ts'
import type { Choice } from '../load/menu.ts'
import { say } from '../load/progress.ts'
import { type DesignSettings, runDesign } from './designs-pipeline.ts'
import { documentFlags, publisher } from './document.ts'
import { machineLine, packageVersion } from './machine.ts'

const flags = {
  rounds: { value: 'N', says: 'turns of each design at each backlog, alternating', default: '3' },
  'per-vote-rounds': {
    value: 'N',
    says: 'the same of one write per vote, which takes minutes',
    default: '1',
  },
  records: { value: 'N', says: 'votes of the backlog, one a record', default: '200000' },
  shards: { value: 'N', says: 'shards of the stream', default: '4' },
  'faulty-records': {
    value: 'N',
    says: 'votes of the backlog that is counted under faults',
    default: '200000',
  },
  'faulty-per-vote-records': {
    value: 'N',
    says: 'the same of one write per vote, which takes minutes',
    default: '20000',
  },
  'faulty-batch': { value: 'N', says: 'records of a batch there, at most', default: '500' },
  faults: { value: 'F', says: 'share of the invocations that a fault befalls there', default: '0.5' },
  seed: { value: 'N', says: 'which ones', default: '1' },
  'min-times-fewer': {
    value: 'N',
    says: "fail when Placar's writes are not so many times fewer than one per vote",
    default: '0',
  },
  ...documentFlags,
  help: { says: 'this help' },
} as const satisfies Flags

const help = `npm run bench -- designs [flags]

A backlog of single votes, counted by three designs on the same embedded parts: a write to the table for every vote, an
unconditional ADD per batch and option, and Placar. Then again in smaller batches, of which some are delivered again after
their function has succeeded, and others fail behind its writes. The designs take turns. One write per vote takes minutes:
it has one round, and under faults a smaller backlog, unless told otherwise. All of it takes some six minutes on two cores.

${flagLines(flags)}`

export const designsBenchmark: Choice = {
  summary: 'table writes, time and exactness beside one write per vote and one ADD per batch',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const rounds = {
      perVote: line.number('per-vote-rounds', 1, 100),
      others: line.number('rounds', 1, 100),
    }
    const minTimesFewer = line.number('min-times-fewer', 0, 1_000_000)
    const seed = line.number('seed', 0, 2 ** 31 - 1)
    const shards = line.number('shards', 1, 512)
    const records = line.number('records', shards, 100_000_000)
    const reliably: Backlogs = {
      shards,
      seed,
      records,
      perVoteRecords: records,
      batchSize: pipeline.aggregator.batchSize,
      faults: 0,
    }
    const faultily: Backlogs = {
      shards,
      seed,
      records: line.number('faulty-records', shards, 100_000_000),
      perVoteRecords: line.number('faulty-per-vote-records', shards, 100_000_000),
      batchSize: line.number('faulty-batch', 1, 10_000),
      faults: fraction(line, 'faults', 0.9),
    }
    const publish = await publisher(line, 'designs', args)
    const load = loadavg()[0] ?? 0
    const folder = await mkdtemp(join(tmpdir(), 'placar-bench-'))
    try {
      const [reliable, faulty] = await interruptible(async (signal) => [
        await runDesigns(reliably, rounds, join(folder, 'reliable'), signal),
        await runDesigns(faultily, rounds, join(folder, 'faulty'), signal),
      ])
      const failures = [
        ...wrongCounts([...reliable, ...faulty]),
        ...designsShortfalls(reliable, minTimesFewer),
      ]
      const machine = machineLine(new Date())
      const circumstances = [
        `${machine}, ${packageVersion('dynalite')}; load average ${load.toFixed(1)} before. ${shards} shards, two handler workers,`,
        `batches of up to ${reliably.batchSize} and, under faults (seeds from ${seed} on, ${faultily.faults} of the invocations), ${faultily.batchSize}.`,
      ].join('\n')
      const markdown = designsMarkdown(reliable, faulty, failures, circumstances)
      await publish(markdown, {
        machine,
        load,
        settings: { rounds, reliably, faultily },
        reliable,
        faulty,
        failures,
      })
      return failures.length === 0
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** One write per vote has a backlog of its own. */
type Backlogs = DesignSettings & { perVoteRecords: number }

/** All rounds. Each has faults of its own, which a seed of its own chooses. */
const runDesigns = async (
  { perVoteRecords, ...others }: Backlogs,
  rounds: DesignRounds,
  folder: string,
  signal: AbortSignal,
): Promise<DesignRun[]> => {
  const runs: DesignRun[] = []
  for (const [round, turns] of designRounds(rounds).entries())
    for (const design of turns) {
      const settings = design === 'write per vote' ? { ...others, records: perVoteRecords } : others
      const name = `round ${round + 1}, ${design}${settings.faults > 0 ? ', faults' : ''}`.padEnd(32)
      const told = (writes: number): void => say(`${name} ${writes.toLocaleString('en-US')} writes so far\n`)
      const kept = join(folder, `${round}-${design.replaceAll(' ', '-').toLowerCase()}`)
      const run = await runDesign(design, { ...settings, seed: settings.seed + round }, kept, signal, told)
      await rm(kept, { recursive: true, force: true })
      say(`${name} ${run.writes.toLocaleString('en-US')} writes, ${run.seconds.toFixed(1)} s\n`)
      runs.push(run)
    }
  return runs
}
