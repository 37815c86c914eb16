import { controlKey } from './partition-key.ts'
import type { Poll } from './poll.ts'
import type { RejectionReason } from './rejection.ts'
import { maxBatchVotes, type Vote } from './vote.ts'

/** The envelope's format; a record that names another one is rejected as `unsupported_version`. */
export const envelopeVersion = 1

/** What one stream record says. */
export type RecordBody =
  | { kind: 'votes'; poll: string; acceptedAt: number; votes: readonly Vote[] }
  | { kind: 'close'; poll: Poll }
  | { kind: 'rejected'; reason: Extract<RejectionReason, 'malformed' | 'unsupported_version'>; n: number }

/**
 * The record data of accepted votes: UTF-8 JSON, fields in a fixed order, byte for byte what the mapping templates
 * `put-vote.vtl` and `put-batch.vtl` render on API Gateway.
 *
 * @param acceptedAt when the gateway took the request, epoch ms
 */
export const writeEnvelope = (poll: string, acceptedAt: number, votes: readonly Vote[]): string =>
  `{"v":1,"poll":"${poll}","acceptedAt":${acceptedAt},"n":${votes.length},"votes":[${votes.map(writeVote).join(',')}]}`

// Every string has passed the schema's patterns, so none can hold a character that JSON would escape.
const writeVote = ({ option, voteId, voterId, castAt }: Vote): string => {
  let text = `{"option":"${option}"`
  if (voteId !== undefined) text += `,"voteId":"${voteId}"`
  if (voterId !== undefined) text += `,"voterId":"${voterId}"`
  if (castAt !== undefined) text += `,"castAt":${castAt}`
  return `${text}}`
}

/** The record data of a close marker, to be put under `controlKey`. */
export const writeMarker = (poll: Poll): string =>
  JSON.stringify({ v: envelopeVersion, control: 'close', poll })

/**
 * Reads a record's data; total: whatever cannot be read is a rejection that says how many votes it stands for.
 *
 * @param data the record's bytes, already base64-decoded, a character a byte (latin1)
 */
export const readRecordBytes = (partitionKey: string | undefined, data: string): RecordBody =>
  (partitionKey === controlKey ? undefined : readSingleVote(data)) ??
  readRecord(partitionKey, Buffer.from(data, 'latin1').toString('utf8'))

/**
 * What `writeEnvelope` makes of one vote, read back without a JSON parser, which takes five times as long. It is ASCII.
 * Votes of one poll differ little, so what stands around `acceptedAt` is read once.
 */
const readSingleVote = (data: string): RecordBody | undefined => {
  const { poll, before, votesBehind } = lastPoll
  const end = before.length + acceptedAtDigits
  const votes = data.startsWith(before) ? votesBehind.get(data.slice(end)) : undefined
  const acceptedAt = data.slice(before.length, end)
  return votes !== undefined && isTime.test(acceptedAt)
    ? { kind: 'votes', poll, acceptedAt: Number(acceptedAt), votes }
    : readByForm(data)
}

const acceptedAtDigits = 13
const isTime = /^[1-9]\d{12}$/

/** The poll of the last single vote, what stands before `acceptedAt` in its votes, and votes by what stands behind it. */
let lastPoll = { poll: '', before: '{}', votesBehind: new Map<string, readonly Vote[]>() }
/** More than a poll has options; votes for options that nobody defined are no more than these in memory. */
const maxKeptVotes = 100

const singleVote =
  /^(\{"v":1,"poll":"([\w-]{1,64})","acceptedAt":)(0|[1-9]\d{0,15})(,"n":1,"votes":\[\{"option":"([\w-]{1,64})"(?:,"voteId":"([\w-]{1,64})")?(?:,"voterId":"([\w-]{1,64})")?(?:,"castAt":(0|[1-9]\d{0,15}))?\}\]\})$/

const readByForm = (data: string): RecordBody | undefined => {
  const found = singleVote.exec(data)
  if (found === null) return undefined
  const [, before = '', poll = '', acceptedAt, behind = '', option = '', voteId, voterId, castAt] = found
  const vote: Vote = { option }
  if (voteId !== undefined) vote.voteId = voteId
  if (voterId !== undefined) vote.voterId = voterId
  if (castAt !== undefined) vote.castAt = Number(castAt)
  if (before !== lastPoll.before || lastPoll.votesBehind.size === maxKeptVotes)
    lastPoll = { poll, before, votesBehind: new Map() }
  lastPoll.votesBehind.set(behind, [vote])
  return { kind: 'votes', poll, acceptedAt: Number(acceptedAt), votes: [vote] }
}

/** The same of a record's data as UTF-8 text. */
export const readRecord = (partitionKey: string | undefined, data: string): RecordBody => {
  let body: unknown
  try {
    body = JSON.parse(data)
  } catch {
    return { kind: 'rejected', reason: 'malformed', n: 1 }
  }
  if (!isObject(body)) return { kind: 'rejected', reason: 'malformed', n: 1 }
  if (body.v !== envelopeVersion) return { kind: 'rejected', reason: 'unsupported_version', n: claimed(body) }
  return partitionKey === controlKey ? readMarker(body) : readVotes(body)
}

const readVotes = (body: Record<string, unknown>): RecordBody => {
  const { poll, acceptedAt, votes } = body
  const readable =
    typeof poll === 'string' &&
    Number.isFinite(acceptedAt) &&
    Array.isArray(votes) &&
    votes.length > 0 &&
    votes.length === body.n &&
    votes.length <= maxBatchVotes &&
    votes.every((vote) => isObject(vote) && typeof vote.option === 'string')
  if (!readable) return { kind: 'rejected', reason: 'malformed', n: claimed(body) }
  return { kind: 'votes', poll, acceptedAt: acceptedAt as number, votes }
}

const readMarker = (body: Record<string, unknown>): RecordBody => {
  const { control, poll } = body
  if (control !== 'close' || !isObject(poll) || typeof poll.id !== 'string' || !Array.isArray(poll.shards))
    return { kind: 'rejected', reason: 'malformed', n: 1 }
  return { kind: 'close', poll: poll as Poll }
}

/** How many votes a broken record stands for: its `n` where that is believable, else the votes it lists, else one. */
const claimed = ({ n, votes }: Record<string, unknown>): number => {
  const said = Array.isArray(votes) && !Number.isInteger(n) ? votes.length : n
  return Number.isInteger(said) && (said as number) >= 1 && (said as number) <= maxBatchVotes
    ? (said as number)
    : 1
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
