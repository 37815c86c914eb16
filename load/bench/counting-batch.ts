import { createHash } from 'node:crypto'
import type { TumblingWindowEvent } from '../../aggregators/kinesis-event.ts'
import { writeEnvelope } from '../../ingest/envelope.ts'
import { voteKey } from '../../ingest/partition-key.ts'
import type { Poll } from '../../ingest/poll.ts'

export const shardId = 'shardId-000000000000'
const eventSourceARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/placar-votes'
const windowMs = 5000
/** Most of a window: votes come at about the rate that a shard takes. */
const spanMs = 4000

/** The poll that the votes of every batch are for: ten options. */
export const countedPoll = (createdAt: number): Poll => ({
  id: 'final',
  title: 'Final',
  options: Array.from({ length: 10 }, (_, at) => ({ id: `option-${at}`, label: `Option ${at}` })),
  createdAt,
  opensAt: createdAt,
  closesAt: null,
  shards: [shardId],
})

/**
 * A batch as Lambda hands it to a handler: one vote a record, as the gateway writes it, base64.
 *
 * @param first number of the first record in its shard; batches that follow one another do so in their numbers
 * @param now epoch ms: they arrived in the window before, in its first seconds
 */
export const singleVotes = (
  { id, options }: Pick<Poll, 'id' | 'options'>,
  count: number,
  first: number,
  now: number,
): TumblingWindowEvent => {
  const start = Math.floor(now / windowMs) * windowMs - windowMs
  return {
    Records: Array.from({ length: count }, (_, at) => {
      const sequenceNumber = `49${String(first + at).padStart(54, '0')}`
      const option = options[(first + at) % options.length]?.id ?? ''
      const arrival = start + Math.floor((at * spanMs) / count)
      // Accepted 1 to 9 ms before.
      const data = writeEnvelope(id, arrival - 1 - (at % 9), [{ option }])
      return {
        eventID: `${shardId}:${sequenceNumber}`,
        kinesis: {
          partitionKey: voteKey(requestId(first + at)),
          sequenceNumber,
          data: Buffer.from(data).toString('base64'),
          approximateArrivalTimestamp: arrival / 1000,
        },
      }
    }),
    window: { start: wholeSeconds(start), end: wholeSeconds(start + windowMs) },
    state: {},
    shardId,
    eventSourceARN,
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  }
}

/** As long as API Gateway's extended request ids, 16 characters of base64, and the same in every run. */
const requestId = (at: number): string =>
  createHash('sha256').update(String(at)).digest('base64').slice(0, 16)

const wholeSeconds = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')
