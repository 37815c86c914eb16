import { randomFillSync } from 'node:crypto'
import { writeEnvelope } from '../../../ingest/envelope.ts'
import { refusal } from '../../../ingest/errors.ts'
import { voteKey } from '../../../ingest/partition-key.ts'
import { parseBody } from '../../../ingest/schema.ts'
import { maxBatchBytes, maxVoteBytes } from '../../../ingest/vote.ts'
import type { Stream } from '../kinesis/stream.ts'
import { jsonReply, type Reply, refusalReply } from './reply.ts'
import type { BodyWanted } from './request-handler.ts'

const notJson = refusal(
  'unsupported_media_type',
  "The body must be application/json; with curl use --json, or -H 'content-type: application/json'.",
)
const tooLarge = {
  vote: refusal('too_large', `A vote may be ${maxVoteBytes} bytes at most.`),
  batch: refusal('too_large', `A batch may be ${maxBatchBytes} bytes at most; send it in several.`),
}
const throttled = refusal(
  'throttled',
  'The stream takes no more votes in this second; try again after Retry-After.',
)
const unavailable = refusal(
  'unavailable',
  'The vote may not have been stored and was not accepted; try again.',
)

/**
 * `POST /polls/{poll}/votes` and `…/votes/batch`: validate, wrap, put, and answer 202 once the record is durable.
 * What API Gateway does with the schema, the mapping templates and the Kinesis integration.
 *
 * @param acceptedAt when the request came, epoch ms
 */
export const acceptVotes = (
  { poll, batch }: { poll: string; batch: boolean },
  contentType: string | undefined,
  stream: Pick<Stream, 'put'>,
  acceptedAt: number,
  respond: (reply: Reply) => void,
): BodyWanted | undefined => {
  if (!isJson(contentType)) {
    respond(refusalReply(notJson))
    return undefined
  }
  return {
    maxBytes: batch ? maxBatchBytes : maxVoteBytes,
    tooLarge: batch ? tooLarge.batch : tooLarge.vote,
    take: (text) => putVotes({ poll, batch }, text, acceptedAt, stream, respond),
  }
}

const putVotes = (
  { poll, batch }: { poll: string; batch: boolean },
  text: string,
  acceptedAt: number,
  stream: Pick<Stream, 'put'>,
  respond: (reply: Reply) => void,
): void => {
  const parsed = parseBody(text, batch)
  if ('refusal' in parsed) {
    respond(refusalReply(parsed.refusal))
    return
  }
  const put = tryPut(stream, voteKey(extendedRequestId()), writeEnvelope(poll, acceptedAt, parsed.votes))
  if (put === undefined) respond(refusalReply(unavailable))
  else if ('throttled' in put) respond(refusalReply(throttled))
  else {
    const { shardId, sequenceNumber } = put
    const accepted = `{"accepted":${parsed.votes.length},"receipt":{"shardId":"${shardId}","sequenceNumber":"${sequenceNumber}"}}`
    put.durable.then(
      () => respond(jsonReply(202, accepted)),
      () => respond(refusalReply(unavailable)),
    )
  }
}

/** `undefined` when the log takes nothing at all (too much waits for the disk). */
const tryPut = (
  stream: Pick<Stream, 'put'>,
  key: string,
  data: string,
): ReturnType<Stream['put']> | undefined => {
  try {
    return stream.put(key, data)
  } catch {
    return undefined
  }
}

/** A body without a type counts as JSON; parameters such as a charset do not matter. */
const isJson = (contentType: string | undefined): boolean =>
  contentType === undefined || /^\s*application\/json\s*(;|$)/i.test(contentType)

const randomness = Buffer.allocUnsafe(12 * 512)
let used = randomness.length

/** What `$context.extendedRequestId` is on AWS: the gateway's own, not to be foreseen or chosen by a client. */
const extendedRequestId = (): string => {
  if (used === randomness.length) {
    randomFillSync(randomness)
    used = 0
  }
  used += 12
  return randomness.toString('base64', used - 12, used)
}
