import { randomFillSync } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { writeEnvelope } from '../../../ingest/envelope.ts'
import { refusal } from '../../../ingest/errors.ts'
import { voteKey } from '../../../ingest/partition-key.ts'
import { parseBody } from '../../../ingest/schema.ts'
import { maxBatchBytes, maxVoteBytes } from '../../../ingest/vote.ts'
import type { Stream } from '../kinesis/stream.ts'
import { readBody } from './body.ts'
import { refuse, sendAsciiJson } from './respond.ts'

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
 */
export const acceptVotes = (
  request: IncomingMessage,
  response: ServerResponse,
  route: { poll: string; batch: boolean },
  stream: Pick<Stream, 'put'>,
  now: () => number,
): void => {
  const acceptedAt = now()
  if (!isJson(contentTypeOf(request))) {
    refuse(response, notJson)
    return
  }
  readBody(request, route.batch ? maxBatchBytes : maxVoteBytes, (body) => {
    if (body === 'too large') refuse(response, route.batch ? tooLarge.batch : tooLarge.vote)
    else putVotes(response, route, body.text, acceptedAt, stream)
  })
}

const putVotes = (
  response: ServerResponse,
  { poll, batch }: { poll: string; batch: boolean },
  text: string,
  acceptedAt: number,
  stream: Pick<Stream, 'put'>,
): void => {
  const parsed = parseBody(text, batch)
  if ('refusal' in parsed) {
    refuse(response, parsed.refusal)
    return
  }
  const put = tryPut(stream, voteKey(extendedRequestId()), writeEnvelope(poll, acceptedAt, parsed.votes))
  if (put === undefined) refuse(response, unavailable)
  else if ('throttled' in put) refuse(response, throttled)
  else {
    const { shardId, sequenceNumber } = put
    const accepted = `{"accepted":${parsed.votes.length},"receipt":{"shardId":"${shardId}","sequenceNumber":"${sequenceNumber}"}}`
    put.durable.then(
      () => sendAsciiJson(response, 202, accepted),
      () => refuse(response, unavailable),
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

/** `request.headers` would make an object of all headers for every vote. */
const contentTypeOf = ({ rawHeaders }: IncomingMessage): string | undefined => {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && isContentType(name))
  return at < 0 ? undefined : rawHeaders[at + 1]
}

const isContentType = (name: string): boolean => name.length === 12 && name.toLowerCase() === 'content-type'

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
