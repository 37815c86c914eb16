import type { ErrorCode } from '../../../ingest/errors.ts'

/** What the voter is told, and how long the buttons should rest. */
export type VoteAnswer = { accepted: boolean; text: string; receipt?: string; restMs?: number }

/**
 * The answer to `POST /polls/{poll}/votes` in words.
 *
 * @param body the parsed JSON, or `undefined` where there was none
 */
export const voteAnswer = (
  label: string,
  status: number,
  body: unknown,
  retryAfterMs?: number,
): VoteAnswer => {
  if (status === 202) return accepted(label, body)
  const said = body as { error?: ErrorCode; message?: string } | undefined
  if (status === 429 || status === 503) {
    const restMs = retryAfterMs ?? 1_000
    const why = status === 429 ? 'too many votes at once' : 'the server is not available'
    return {
      accepted: false,
      text: `Not counted: ${why}. Try again in ${Math.max(1, Math.ceil(restMs / 1000))} s.`,
      restMs,
    }
  }
  return { accepted: false, text: `Not counted: ${said?.message ?? `the server answered ${status}.`}` }
}

/** When no answer came, nobody here can know whether the vote was stored. */
export const noVoteAnswer = (label: string): VoteAnswer => ({
  accepted: false,
  text: `No answer from the server: the vote for ${label} may or may not have been accepted.`,
})

const accepted = (label: string, body: unknown): VoteAnswer => {
  const receipt = (body as { receipt?: { shardId?: string; sequenceNumber?: string } } | undefined)?.receipt
  return {
    accepted: true,
    text: `Vote for ${label} accepted.`,
    ...(receipt?.shardId && receipt.sequenceNumber
      ? { receipt: `${receipt.shardId} · ${receipt.sequenceNumber}` }
      : {}),
  }
}
