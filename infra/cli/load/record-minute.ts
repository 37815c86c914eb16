import { maxBatchVotes } from '../../../ingest/vote.ts'
import type { VolleyPlan } from '../../../load/volley/play.ts'
import { steadyPlan, type VolleySpec } from '../../../load/volley/volley.ts'
import { type Flags, flagLines, readFlags } from '../command.ts'
import { findGround } from './ground.ts'
import type { Choice } from './menu.ts'
import { checkPress, press } from './press.ts'
import {
  addressOf,
  scaleFlag,
  scaleOf,
  volleyFlagsWith,
  volleySettings,
  warmUpSecondsOf,
} from './volley-flags.ts'

/** The record set in the Brazilian vote that Placar is modelled on: 2,988,000 votes in a minute. */
const votesPerSecond = 49_800
const seconds = 60

const flags = {
  batch: { value: 'N', says: `votes per request, up to ${maxBatchVotes}`, default: '500' },
  ...scaleFlag,
  ...volleyFlagsWith({ maxFinalMs: 2_000, minAcceptedRate: 0.99 }),
} as const satisfies Flags

const help = `npm run load -- record-minute [flags]

Plays the record minute, 2,988,000 votes in 60 s, through /votes/batch as a collector would; then the count must equal
what was accepted, to the vote. A 429 fails it, as do a rate and a time to the result that are not those of the
defaults below. A run is whole requests: where the votes are no multiple of --batch, they are rounded.

${flagLines(flags)}`

export const recordMinute: Choice = {
  summary: 'The record minute: 2,988,000 votes in 60 s, in batches as a collector posts them.',
  run: async (args) => {
    const line = readFlags(args, flags, help)
    if (line === undefined) return true
    const settings = volleySettings(line)
    const batch = line.number('batch', 1, maxBatchVotes)
    const rate = votesPerSecond * scaleOf(line)
    await checkPress(line)
    const runMs = (warmUpSecondsOf(line) + seconds) * 1_000 + settings.drainMs
    const ground = await findGround(line, undefined, runMs, addressOf)
    const { url, poll, options } = ground
    const mix = { batch, unknownOptionShare: 0, unknownPollShare: 0, poll, options }
    const spec = { ...settings, rate, seconds, address: addressOf(url), mix }
    return await press(line, ground, {
      plan: recordMinutePlan(spec),
      warmUp: (seconds) => recordMinutePlan({ ...spec, seconds }),
    })
  },
}

/** The minute is to be taken whole: a 429 is an answer that no request expects. */
export const recordMinutePlan = (spec: VolleySpec): VolleyPlan => {
  const plan = steadyPlan(spec)
  return { ...plan, kinds: plan.kinds.map((kind) => ({ ...kind, mayBeThrottled: false })) }
}
