import { type KinesisClient, ListShardsCommand, type Shard, type ShardFilter } from '@aws-sdk/client-kinesis'

/**
 * Every shard of a stream that Kinesis still names, page by page: open ones, and ended ones until their records expire; or
 * those of them that a filter lets through.
 */
export const listShards = async (
  client: KinesisClient,
  StreamName: string,
  ShardFilter?: ShardFilter,
): Promise<Shard[]> => {
  const shards: Shard[] = []
  let NextToken: string | undefined
  do {
    // A page is asked for by its token alone (ListShards).
    const page = await client.send(
      new ListShardsCommand(NextToken === undefined ? { StreamName, ShardFilter } : { NextToken }),
    )
    shards.push(...(page.Shards ?? []))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return shards
}

/** Whether a shard still takes records. */
export const isOpen = ({ SequenceNumberRange }: Shard): boolean =>
  SequenceNumberRange?.EndingSequenceNumber === undefined
