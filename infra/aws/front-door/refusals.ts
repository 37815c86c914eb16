import { type ErrorCode, errorTable, refusal } from '../../../ingest/errors.ts'
import { maxBatchBytes, maxVoteBytes } from '../../../ingest/vote.ts'

/** What API Gateway and its firewall refuse by themselves: our JSON and the status that goes with it. */
export type DoorRefusal = { status: number; retryAfterSeconds?: number; body: string }

const refused = (error: ErrorCode, message: string): DoorRefusal => ({
  ...errorTable[error],
  body: JSON.stringify(refusal(error, message)),
})

const vote = '{"option":"…"} with optional voteId, voterId, castAt'
const batch = '{"votes":[{"option":"…"}, …1 to 500]}'

/** These words hold no value of the request: a gateway response cannot escape one (see docs/fidelity.md). */
export const doorRefusals = {
  body: refused('invalid_vote', `The body is not JSON or not valid; expected ${vote}; for a batch ${batch}.`),
  path: refused('not_found', 'Nothing is at this path; the README lists the routes.'),
  type: refused(
    'unsupported_media_type',
    "The body must be application/json; with curl use --json, or -H 'content-type: application/json'.",
  ),
  largeVote: refused('too_large', `A vote may be ${maxVoteBytes} bytes at most.`),
  largeBatch: refused('too_large', `A batch may be ${maxBatchBytes} bytes at most; send it in several.`),
  throttled: refused(
    'throttled',
    'The front door takes no more requests in this second; try again after Retry-After.',
  ),
  address: refused('throttled', 'Too many votes come from this address; try again after Retry-After.'),
  failed: refused('unavailable', 'The vote may not have been stored and was not accepted; try again.'),
  request: refused('invalid_request', 'The request is not one that this API takes; the README lists them.'),
  firewall: refused(
    'forbidden',
    'The firewall took the request for an attack; a vote needs no more than its known fields.',
  ),
  key: refused('forbidden', 'A batch needs a valid API key in the header x-api-key.'),
} as const
