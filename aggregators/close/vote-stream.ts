/** A shard as the closer sees it. One that has ended takes no more records, and is gone some time later. */
export type StreamShard = {
  id: string
  open: boolean
  /** Decimal; a record put with it goes into this shard, as long as that is open. */
  startingHashKey: string
}

/** What closing needs of the stream. */
export type VoteStream = {
  listShards(): Promise<StreamShard[]>
  /**
   * Puts one control record into each of these shards.
   * @returns the shards that took it, durably; a throttled one did not, nor did one that has ended meanwhile
   */
  putControl(shards: readonly StreamShard[], data: string): Promise<string[]>
  /** Whether the stream still has a record of this shard behind a sequence number (`0`: any record). A shard that is gone has none. */
  hasBeyond(shardId: string, sequenceNumber: string): Promise<boolean>
  /** For how long the stream keeps a record, in ms. */
  retentionMs(): Promise<number>
}
