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
  /** What the stream has of a shard behind a sequence number (`0`: from its oldest record on). */
  lookBeyond(shardId: string, sequenceNumber: string): Promise<Beyond>
  /** Ids of the shards that were not there yet at a time within the retention, epoch ms. */
  bornSince(time: number): Promise<ReadonlySet<string>>
  /** For how long the stream keeps a record, in ms. */
  retentionMs(): Promise<number>
}

/** `present`: nothing so far, and the shard is open. `gone`: the stream knows no such shard any more. */
export type Beyond = 'records' | 'present' | 'end of shard' | 'gone'
