import type { ErrorCode } from '../../../ingest/errors.ts'

/** What the voter is told, and how long the buttons should rest. `receipt` is as `audit find --receipt` takes it. */
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
  const restMs = retryAfterMs ?? 1_000
  if (status === 429) {
    const seconds = Math.max(1, Math.ceil(restMs / 1000))
    return {
      accepted: false,
      text: `Not counted: too many votes at once. Try again in ${seconds} s.`,
      restMs,
    }
  }
  // The server may have failed after it stored the vote: who is told to try again may vote twice.
  if (status >= 500)
    return { accepted: false, text: `The server answered ${status}. ${unknownFate(label)}`, restMs }
  return { accepted: false, text: `Not counted: ${said?.message ?? `the server answered ${status}.`}` }
}

/** When no answer came, nobody here can know whether the vote was stored. */
export const noVoteAnswer = (label: string): VoteAnswer => ({
  accepted: false,
  text: `No answer from the server. ${unknownFate(label)}`,
})

const unknownFate = (label: string): string => `It is not known whether the vote for ${label} was stored.`

const accepted = (label: string, body: unknown): VoteAnswer => {
  const receipt = (body as { receipt?: { shardId?: string; sequenceNumber?: string } } | undefined)?.receipt
  return {
    accepted: true,
    text: `Vote for ${label} accepted.`,
    ...(receipt?.shardId && receipt.sequenceNumber
      ? { receipt: `${receipt.shardId}:${receipt.sequenceNumber}` }
      : {}),
  }
}
