import { isSlug } from '../../ingest/vote.ts'
import type { Tally } from '../tally.ts'
import { dice, weighted } from './dice.ts'
import { type RequestKind, votePost } from './kind.ts'

/** What a volley's votes are for. Shares are fractions of all votes. */
export type Mix = {
  poll: string
  options: readonly { option: string; weight: number }[]
  /** Well-formed votes for an option that the poll does not have: accepted, then rejected as `unknown_option`. */
  unknownOptionShare: number
  /** Votes for a poll that does not exist: accepted, then rejected as `unknown_poll`. */
  unknownPollShare: number
  /** Votes per request: 1 posts single votes, more posts batches. */
  batch: number
}

/** Long enough that nobody defines them. */
const unknownOption = 'an-option-that-no-poll-has'
const unknownPoll = 'a-poll-that-was-never-created'

/** Distinct batches per volley: enough to vary, few enough to build beforehand. */
const distinctBatches = 64

/** The distinct requests of a mix; the same seed gives the same. */
export const requestKinds = (mix: Mix, seed: number): RequestKind[] => {
  const kinds = mix.batch === 1 ? singleVotes(mix) : batches(mix, seed)
  return kinds.filter(({ weight }) => weight > 0)
}

const singleVotes = (mix: Mix): RequestKind[] => [
  ...ballots(mix).map(({ option, weight, tally }) =>
    votePost(option === unknownOption ? 'rejected unknown_option' : `option ${option}`, {
      path: `/polls/${mix.poll}/votes`,
      body: JSON.stringify({ option }),
      weight: weight * (1 - mix.unknownPollShare),
      tally,
    }),
  ),
  votePost('rejected unknown_poll', {
    path: `/polls/${unknownPoll}/votes`,
    body: JSON.stringify({ option: mix.options[0]?.option ?? unknownOption }),
    weight: mix.unknownPollShare,
    tally: { options: {}, rejected: { unknown_poll: 1 } },
  }),
]

const batches = (mix: Mix, seed: number): RequestKind[] => {
  const choices = ballots(mix)
  const choose = weighted(choices.map(({ weight }) => weight))
  return Array.from({ length: distinctBatches }, (_, index) => {
    const tally: Tally = { options: {}, rejected: {} }
    const votes = Array.from({ length: mix.batch }, (_, place) => {
      // Another seed than the volley's, which chooses among the batches.
      const option = choices[choose(dice(~seed, index * mix.batch + place))]?.option ?? unknownOption
      if (option === unknownOption) tally.rejected.unknown_option = (tally.rejected.unknown_option ?? 0) + 1
      else tally.options[option] = (tally.options[option] ?? 0) + 1
      return { option }
    })
    const body = JSON.stringify({ votes })
    return [
      votePost(`batch of ${mix.batch}`, {
        path: `/polls/${mix.poll}/votes/batch`,
        body,
        weight: 1 - mix.unknownPollShare,
        tally,
      }),
      votePost(`rejected unknown_poll times ${mix.batch}`, {
        path: `/polls/${unknownPoll}/votes/batch`,
        body,
        weight: mix.unknownPollShare,
        tally: { options: {}, rejected: { unknown_poll: mix.batch } },
      }),
    ]
  }).flat()
}

/** The votes that meet the poll, with their shares among themselves. */
const ballots = (mix: Mix): { option: string; weight: number; tally: Tally }[] => {
  const total = mix.options.reduce((sum, { weight }) => sum + weight, 0)
  const unknown = mix.unknownOptionShare / (1 - mix.unknownPollShare)
  return [
    ...mix.options.map(({ option, weight }) => ({
      option,
      weight: (1 - unknown) * (weight / total),
      tally: { options: { [option]: 1 }, rejected: {} },
    })),
    { option: unknownOption, weight: unknown, tally: { options: {}, rejected: { unknown_option: 1 } } },
  ]
}

/**
 * Reads `ana=3,bia=1` (a weight left out is 1).
 *
 * @throws RangeError naming the part that cannot be read
 */
export const parseWeights = (text: string): Mix['options'] =>
  text.split(',').map((part) => {
    const [option = '', weightText = '1', ...rest] = part.trim().split('=')
    const weight = Number(weightText)
    if (!isSlug(option) || rest.length > 0 || weightText === '' || !(weight > 0) || !Number.isFinite(weight))
      throw new RangeError(`"${part}" is not an option with a weight; expected e.g. ana=3,bia=1.`)
    return { option, weight }
  })
