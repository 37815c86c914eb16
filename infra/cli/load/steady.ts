import { maxBatchVotes } from '../../../ingest/vote.ts'
import { steadyPlan } from '../../../load/volley/volley.ts'
import { type CommandLine, type Flags, flagLines, readFlags } from '../command.ts'
import { fraction } from './fraction.ts'
import { defaultOptions, findGround } from './ground.ts'
import type { Choice } from './menu.ts'
import { checkPress, press } from './press.ts'
import { addressOf, volleyFlags, volleySettings, warmUpSecondsOf } from './volley-flags.ts'

const flags = {
  rate: { value: 'N', says: 'votes per second', default: '1000' },
  seconds: { value: 'N', says: 'for so long', default: '30' },
  batch: {
    value: 'N',
    says: `votes per request, up to ${maxBatchVotes}; 1 posts single votes`,
    default: '1',
  },
  options: {
    value: 'a=3,b=1',
    says: `options and their weights (${defaultOptions}, or all of --poll alike)`,
  },
  'unknown-option': { value: 'F', says: 'fraction of votes for an option that is not there', default: '0' },
  'unknown-poll': { value: 'F', says: 'fraction of votes for a poll that is not there', default: '0' },
  ...volleyFlags,
} as const satisfies Flags

const help = `npm run load -- steady [flags]

Holds one rate of votes for a while, whatever the server does; then the count must equal what was accepted.
A shard takes 1,000 requests/s, unless Placar was started with --no-shard-limits.

${flagLines(flags)}`

export const steadyScenario: Choice = {
  summary: 'One rate of single or batched votes, held for a while (--rate 20000 --seconds 60).',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const settings = volleySettings(line)
    const mix = mixOf(line)
    const rate = line.number('rate', 1, 1_000_000)
    const seconds = line.number('seconds', 1, 86_400)
    await checkPress(line)
    const runMs = (warmUpSecondsOf(line) + seconds) * 1_000 + settings.drainMs
    const ground = await findGround(line, line.text('options'), runMs, addressOf)
    const { url, poll, options } = ground
    const spec = { ...settings, rate, seconds, address: addressOf(url), mix: { ...mix, poll, options } }
    const good = { ...spec.mix, unknownOptionShare: 0, unknownPollShare: 0 }
    return await press(line, ground, {
      plan: steadyPlan(spec),
      warmUp: (seconds) => steadyPlan({ ...spec, seconds, mix: good }),
    })
  },
}

const mixOf = (line: CommandLine) => ({
  batch: line.number('batch', 1, maxBatchVotes),
  unknownOptionShare: fraction(line, 'unknown-option', 0.5),
  unknownPollShare: fraction(line, 'unknown-poll', 0.4),
})
