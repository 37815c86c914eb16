import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type HashRange, hashFromDecimal, hashOfKey, joinRanges, splitRange } from './hash-key.ts'
import type { GroupCommit } from './log/group-commit.ts'
import { planReshard } from './reshard.ts'
import { routesOf } from './routes.ts'
import { sequenceNumber } from './sequence-number.ts'
import { openShard, recordOf, type Shard, type ShardOptions, type ShardRecord, shardFolder } from './shard.ts'
import { turns } from './turns.ts'

/** Said of a stream and kept; the shards are the same in both. */
export type StreamMode = 'PROVISIONED' | 'ON_DEMAND'

/** What is kept of a stream across restarts. Times are epoch ms. */
export type StreamRecord = {
  name: string
  mode: StreamMode
  createdAt: number
  retentionHours: number
  shards: ShardRecord[]
}

/** What a stream is until `endsAt` (epoch ms); from then on it is ACTIVE. */
export type Change = { status: 'CREATING' | 'UPDATING'; endsAt: number }

/** A record taken into the stream: its receipt at once, `durable` when it may be told to the voter. */
export type Put = { shardId: string; sequenceNumber: string; durable: Promise<void> }

export type Stream = Omit<StreamRecord, 'shards'> & {
  arn: string
  /**
   * The shards there are now, ended ones included until their records have expired. A reshard replaces the list, so
   * one that was taken stays as it was.
   */
  shards: readonly Shard[]
  change: Change
  /**
   * Puts one record; the shard's id where that shard is over its rate.
   * @param explicitHashKey decimal, overrides the partition key's hash
   */
  put(partitionKey: string, data: string | Uint8Array, explicitHashKey?: string): Put | { throttled: string }
  /**
   * Ends an open shard; two new ones share its hash keys, the upper one from `newStartingHashKey` (decimal) on. Rejects
   * when it cannot be split so, and when the change cannot be stored; the stream is then as it was.
   */
  split(shardId: string, newStartingHashKey: string): Promise<void>
  /** Ends two open shards; a new one takes the hash keys of both. The second one's must follow the first one's. */
  merge(shardId: string, adjacentShardId: string): Promise<void>
  /** Removes what has outlived the retention period: old segments, and ended shards with all they hold. */
  trim(): Promise<void>
  /** What is to be kept of it. A reshard is in here before it shows in `shards`. */
  record(): StreamRecord
  close(): Promise<void>
}

/** AWS's default too. */
export const defaultRetentionHours = 24

export const region = 'us-east-1'
export const accountId = '000000000000'
export const streamArn = (name: string): string => `arn:aws:kinesis:${region}:${accountId}:stream/${name}`

export type StreamOptions = ShardOptions & {
  folder: string
  now: () => number
  commits: GroupCommit
  /** How long a reshard leaves the stream UPDATING. */
  changeMs: number
  /** Makes the `record()` of every stream durable. */
  save: () => Promise<void>
}

/** A user chose the name, and it may be `..`: the prefix makes a plain folder of any. */
export const streamFolder = (folder: string, name: string): string => join(folder, 'streams', `of-${name}`)

/** Opens a stream's shard logs under `folder`. Throws when one cannot be read or written. */
export const openStream = async (
  record: StreamRecord,
  change: Change,
  options: StreamOptions,
): Promise<Stream> => {
  const { boot, now, commits, log } = options
  const { name, createdAt } = record
  const folder = streamFolder(options.folder, name)
  const open = (shard: ShardRecord): Promise<Shard> => openShard(shard, { folder, createdAt }, options)
  const inTurn = turns()
  let planned: ShardRecord[] | undefined

  const put: Stream['put'] = (partitionKey, data, explicitHashKey) => {
    const hash = explicitHashKey === undefined ? hashOfKey(partitionKey) : hashFromDecimal(explicitHashKey)
    const shard = routes.to(hash)
    if (shard === undefined) throw new Error(`no open shard of ${name} takes hash key ${hash}`)
    const at = now()
    // Characters stand for bytes here: votes are ASCII, and other producers send bytes.
    if (!shard.limit.take(at, data.length + partitionKey.length)) return { throttled: shard.id }
    const ordinal = shard.log.append(at, partitionKey, data)
    return {
      shardId: shard.id,
      sequenceNumber: sequenceNumber(shard.prefix, boot, ordinal),
      durable: commits.durable(shard.log),
    }
  }

  const openShardOf = (id: string): Shard => {
    const shard = routes.shards.find((shard) => shard.id === id)
    if (shard === undefined) throw new Error(`${name} has no open shard ${id}`)
    return shard
  }

  /**
   * The children are stored before they take a record, and the parents end only with all they took durable. A crash
   * leaves the stream as it was, or with the children; what the parents took between being stored as ended and the
   * switch is in their logs, and is read like the rest.
   */
  const reshard = async (parents: readonly [Shard, Shard?], ranges: readonly HashRange[]): Promise<void> => {
    const before = stream.change
    stream.change = { status: 'UPDATING', endsAt: Number.POSITIVE_INFINITY }
    const plan = planReshard(stream.shards, parents, ranges, now(), boot)
    const children: Shard[] = []
    try {
      for (const child of plan.children) children.push(await open(child))
      planned = plan.records
      await options.save()
    } catch (error) {
      // Folders of children may stay, empty: the next attempt takes the same ones.
      planned = undefined
      stream.change = before
      await Promise.all(children.map((child) => child.log.close()))
      throw error
    }
    routes = routesOf([...routes.shards.filter((shard) => !plan.ends.has(shard)), ...children])
    stream.shards = [...stream.shards, ...children]
    for (const [shard, { endedAt, endingSequenceNumber }] of plan.ends) {
      await shard.log.commit()
      shard.endedAt = Math.max(endedAt, shard.log.newest().arrival)
      shard.endingSequenceNumber = endingSequenceNumber
    }
    planned = undefined
    stream.change = { status: 'UPDATING', endsAt: now() + options.changeMs }
  }

  const trim = async (): Promise<void> => {
    const horizon = now() - stream.retentionHours * 3_600_000
    const isExpired = ({ endedAt }: Shard): boolean => endedAt !== undefined && endedAt < horizon
    const failed = (id: string) => (error: unknown) =>
      log(`old records of ${id} could not be removed and will be tried again`, error)
    for (const { id, log: records } of stream.shards) await records.trim(horizon).catch(failed(id))

    const expired = stream.shards.filter(isExpired)
    if (expired.length === 0) return
    stream.shards = stream.shards.filter((shard) => !isExpired(shard))
    // The folder goes before the shard's name does: after a crash in between, the next trim finds an empty shard.
    for (const { index, log: records } of expired) {
      await records.close()
      await rm(shardFolder(folder, index), { recursive: true, force: true })
    }
    await options.save()
  }

  const stream: Stream = {
    ...record,
    arn: streamArn(name),
    shards: await Promise.all(record.shards.map(open)),
    change,
    put,
    split: (id, newStartingHashKey) =>
      inTurn(async () => {
        const parent = openShardOf(id)
        await reshard([parent], splitRange(parent.range, hashFromDecimal(newStartingHashKey)))
      }),
    merge: (id, adjacentId) =>
      inTurn(async () => {
        const [parent, adjacent] = [openShardOf(id), openShardOf(adjacentId)]
        await reshard([parent, adjacent], [joinRanges(parent.range, adjacent.range)])
      }),
    trim: () => inTurn(trim),
    record: () => {
      const { mode, retentionHours, shards } = stream
      return { name, mode, createdAt, retentionHours, shards: planned ?? shards.map(recordOf) }
    },
    close: () =>
      inTurn(async () => {
        await Promise.all(stream.shards.map((shard) => shard.log.close()))
      }),
  }
  let routes = routesOf(stream.shards.filter(({ endedAt }) => endedAt === undefined))
  return stream
}
