import type { Ajv, ErrorObject } from 'ajv'
import draft4 from 'ajv-draft-04'
import batchSchema from './batch.schema.json' with { type: 'json' }
import { type Refusal, refusal } from './errors.ts'
import voteSchema from './vote.schema.json' with { type: 'json' }
import type { Vote } from './vote.ts'

// API Gateway models are JSON Schema draft-04; the same files validate here and there.
const ajv = new (draft4 as unknown as typeof Ajv)()
const isVote = ajv.compile<Vote>(voteSchema)
const isBatch = ajv.compile<{ votes: Vote[] }>(batchSchema)

/** The votes of a request body (one for a single vote, 1–500 for a batch), or why it is refused. */
export type ParsedBody = { votes: Vote[] } | { refusal: Refusal }

/**
 * Parses the body of `POST /polls/{poll}/votes` or, with `batch`, of `…/votes/batch`.
 * Properties that the schema does not name are dropped.
 *
 * @param text the body, decoded as UTF-8
 */
export const parseBody = (text: string, batch: boolean): ParsedBody => {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { refusal: refusal('invalid_json', `The body is not JSON; expected ${expected(batch)}.`) }
  }
  if (batch) return isBatch(body) ? { votes: body.votes.map(knownFields) } : invalid(isBatch.errors, batch)
  return isVote(body) ? { votes: [knownFields(body)] } : invalid(isVote.errors, batch)
}

const expected = (batch: boolean): string =>
  batch ? '{"votes":[{"option":"…"}, …1 to 500]}' : '{"option":"…"} with optional voteId, voterId, castAt'

const invalid = (errors: ErrorObject[] | null | undefined, batch: boolean): ParsedBody => {
  const first = errors?.[0]
  const field = first?.instancePath.slice(1).replaceAll('/', '.') || 'The body'
  return {
    refusal: refusal(
      'invalid_vote',
      `${field} ${first?.message ?? 'is not valid'}; expected ${expected(batch)}.`,
    ),
  }
}

const knownFields = ({ option, voteId, voterId, castAt }: Vote): Vote => {
  const vote: Vote = { option }
  if (voteId !== undefined) vote.voteId = voteId
  if (voterId !== undefined) vote.voterId = voterId
  if (castAt !== undefined) vote.castAt = castAt
  return vote
}
