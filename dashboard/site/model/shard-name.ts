/** The number that Kinesis gave a shard: "12" of "shardId-000000000012"; the whole id where it has none. */
export const shardNumber = (id: string): string => /^shardId-0*(\d+)$/.exec(id)?.[1] ?? id
