import type { KinesisEventRecord } from '../../../aggregators/kinesis-event.ts'
import { readRecord } from '../../../ingest/envelope.ts'

/** A batch as Lambda hands it over, with or without windows. */
export type VoteEvent = { Records: readonly KinesisEventRecord[] }

/** Every vote of a batch: its poll and its option. Throws for a record that holds no votes. */
export const votesIn = ({ Records }: VoteEvent): { poll: string; option: string }[] =>
  Records.flatMap(({ kinesis }) => {
    const body = readRecord(kinesis.partitionKey, Buffer.from(kinesis.data, 'base64').toString('utf8'))
    if (body.kind !== 'votes') throw new Error(`record ${kinesis.sequenceNumber} holds no votes`)
    return body.votes.map(({ option }) => ({ poll: body.poll, option }))
  })
