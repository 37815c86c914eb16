import type { RejectionReason, Rejections } from './rejection.ts'
import { isSlug } from './vote.ts'

export type PollOption = { id: string; label: string }

/** What a voter and the dashboard may know of a poll. Times are epoch ms. */
export type PollDefinition = {
  id: string
  title: string
  /** 2–50, in display order; never change once the poll exists. */
  options: PollOption[]
  createdAt: number
  /** At the earliest, and by default, `createdAt`. */
  opensAt: number
  /** `null`: open until closed by hand. */
  closesAt: number | null
}

/** A definition with what counting it has added so far. */
export type Poll = PollDefinition & {
  /** The shards in which votes have met this poll (its *shard set*). Frozen once `closedAt` is set. */
  shards: string[]
  closedAt?: number
  /** Set together with `result`, once, when every shard of the set has passed the close marker. */
  finalAt?: number
  /** Where one poll was asked for; a list of polls is without. */
  result?: PollResult
  /** Set when the poll's last line is in the archive. */
  exportedAt?: number
  /** Put, and not confirmed yet by whoever creates it; whoever else meets it with a vote makes it void instead. */
  pending?: boolean
  /** Never confirmed. A void poll is unknown to every vote, for good. */
  voided?: boolean
}

/** What a final poll got: the sum of its frozen entries. It never changes. */
export type PollResult = {
  /** Votes counted, by option id; an option without a vote is absent. */
  counts: Record<string, number>
  rejected: Rejections
  /** What each shard of the set gave to the sums above. */
  shards: Record<string, { counted: number; rejected: number }>
  /** Arrival of the newest vote that was counted or rejected, epoch ms; `null` without any. */
  newestArrival: number | null
  /** Shards in which votes may have outlived the stream's retention unread since the poll was created. Empty: the result is proved. */
  unproved: string[]
  /** Accepted → counted, of the shards of the set: an HDR histogram in its compressed encoding. */
  latency: { histogram: string; clamped: number }
}

/** The id of the canary's poll, where it is not given another. */
export const canaryPollId = 'canary'

/** How the ids of the polls begin that load scenarios make for themselves. */
export const loadPollPrefix = 'load-'

/** Whether a poll is, by its id, a tool's own: one that nobody should be shown who did not ask for it. */
export const isToolsPoll = (id: string): boolean => id === canaryPollId || id.startsWith(loadPollPrefix)

export type PollStatus = 'scheduled' | 'open' | 'closing' | 'final'

/** Statuses in the only order a poll passes through; an index in it is the status's rank. */
export const pollStatuses: readonly PollStatus[] = ['scheduled', 'open', 'closing', 'final']

export const pollStatus = (poll: Poll, now: number): PollStatus => {
  if (poll.finalAt !== undefined) return 'final'
  if (poll.closedAt !== undefined || (poll.closesAt !== null && now >= poll.closesAt)) return 'closing'
  return now >= poll.opensAt ? 'open' : 'scheduled'
}

/** Whether there is such a poll: a pending definition is none yet, a void one never will be. */
export const isDefined = (poll: Poll | undefined): poll is Poll =>
  poll !== undefined && !poll.pending && !poll.voided

/** The first rule of section 5: a vote *meets* a poll that is defined and was created when the record arrived. */
export const meets = (poll: Poll | undefined, arrival: number): poll is Poll =>
  isDefined(poll) && arrival >= poll.createdAt

/**
 * The rules for a vote that meets the poll and stands before its close marker in a shard of its set: `undefined` when it
 * counts, else the reason why not.
 *
 * @param arrival the record's approximate arrival timestamp, epoch ms; the only clock that decides
 */
export const refuses = (
  poll: PollDefinition,
  known: boolean,
  arrival: number,
): RejectionReason | undefined => {
  if (!known) return 'unknown_option'
  if (arrival < poll.opensAt) return 'not_open_yet'
  if (poll.closesAt !== null && arrival >= poll.closesAt) return 'closed'
  return undefined
}

/** The part of a poll that `GET /polls` and the scoreboard show. */
export const publicDefinition = ({
  id,
  title,
  options,
  createdAt,
  opensAt,
  closesAt,
}: Poll): PollDefinition => ({
  id,
  title,
  options,
  createdAt,
  opensAt,
  closesAt,
})

/** What a poll is asked to be, before it has its times. */
export type PollRequest = {
  id: string
  title: string
  options: PollOption[]
  opensAt?: number
  closesAt?: number
}

/**
 * Limits of one definition; of the polls that are scheduled or open at once; and of those *held*, which have no final
 * result yet. Held ones stand in ledgers, up to three times (entry, open part, sealed part): with ids of full length
 * that is some 270 KB of the 400 KB that DynamoDB gives an item.
 */
export const pollLimits = {
  minOptions: 2,
  maxOptions: 50,
  titleLength: 200,
  openPolls: 20,
  openOptions: 400,
  heldPolls: 200,
  heldOptions: 1200,
} as const

/** A request that cannot become a poll; the message says what is wrong and what is expected. */
export class PollError extends Error {
  override name = 'PollError'
}

/** The definition that a request becomes when it is created at `createdAt`. Throws `PollError`. */
export const definePoll = (request: PollRequest, createdAt: number): PollDefinition => {
  const { id, title, options, closesAt = null } = request
  const { minOptions, maxOptions, titleLength } = pollLimits
  expect(isSlug(id), `the poll id ${JSON.stringify(id)} must be 1 to 64 of a-z, 0-9 and "-"`)
  expect(
    title.trim() !== '' && title.length <= titleLength,
    `a title of 1 to ${titleLength} characters is needed`,
  )
  expect(
    options.length >= minOptions && options.length <= maxOptions,
    `${minOptions} to ${maxOptions} options are needed, there are ${options.length}`,
  )
  for (const option of options) {
    expect(
      isSlug(option.id),
      `the option id ${JSON.stringify(option.id)} must be 1 to 64 of a-z, 0-9 and "-"`,
    )
    expect(
      option.label.trim() !== '' && option.label.length <= titleLength,
      `option ${option.id} needs a label of 1 to ${titleLength} characters`,
    )
    expect(
      options.filter((other) => other.id === option.id).length === 1,
      `option ${option.id} is named twice`,
    )
  }
  const opensAt = Math.max(request.opensAt ?? createdAt, createdAt)
  if (closesAt !== null && closesAt <= opensAt)
    throw new PollError(closesTooEarly(closesAt, opensAt, createdAt))
  return { id, title, options, createdAt, opensAt, closesAt }
}

const closesTooEarly = (closesAt: number, opensAt: number, now: number): string =>
  closesAt <= now
    ? `the poll would have closed in the past, at ${iso(closesAt)}; it is ${iso(now)}`
    : `the poll would close, at ${iso(closesAt)}, before it has opened, at ${iso(opensAt)}`

const iso = (ms: number): string => new Date(ms).toISOString()

/**
 * Throws `PollError` when one more poll would be more than may be. Two that are created at the same moment can both
 * pass; the limits leave room for that.
 */
export const expectRoom = (polls: Iterable<Poll>, request: PollRequest, now: number): void => {
  const held = [...polls].filter((poll) => isDefined(poll) && poll.finalAt === undefined)
  const open = held.filter((poll) => pollStatus(poll, now) !== 'closing')
  const { openPolls, openOptions, heldPolls, heldOptions } = pollLimits
  const options = optionsOf(open) + request.options.length
  expect(
    open.length < openPolls,
    `${openPolls} polls are open already, the most there may be; wait until one has closed`,
  )
  expect(
    options <= openOptions,
    `with it ${options} options would be open, ${openOptions} is the most; wait until a poll has closed`,
  )
  const unfinal = optionsOf(held) + request.options.length
  expect(
    held.length < heldPolls && unfinal <= heldOptions,
    `${held.length} polls have no final result yet, with it ${unfinal} options; ${heldPolls} polls and ${heldOptions} options are the most; wait until one is final`,
  )
}

const optionsOf = (polls: readonly Poll[]): number =>
  polls.reduce((total, { options }) => total + options.length, 0)

const expect = (condition: boolean, message: string): void => {
  if (!condition) throw new PollError(message)
}
