/** What a voter got with the 202: where the record of their vote stands in the stream. */
export type Receipt = { shardId: string; sequenceNumber: string }

/** Both as Kinesis gives them (API_Record: `0|([1-9]\d{0,128})`; API_Shard: `[a-zA-Z0-9_.-]+`). */
const pattern = /^([a-zA-Z0-9_.-]{1,128}):(0|[1-9]\d{0,128})$/

/** Reads `shardId:sequenceNumber`; `undefined` when it is none. */
export const readReceipt = (text: string): Receipt | undefined => {
  const [, shardId, sequenceNumber] = pattern.exec(text.trim()) ?? []
  return shardId === undefined || sequenceNumber === undefined ? undefined : { shardId, sequenceNumber }
}

export const receiptText = ({ shardId, sequenceNumber }: Receipt): string => `${shardId}:${sequenceNumber}`

/** Whether a text can be the `voteId` of a vote (ingest/vote.schema.json). */
export const isVoteId = (text: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(text)
