import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFromDecimal, joinRanges, splitRange } from './hash-key.ts'
import type { GroupCommit } from './log/group-commit.ts'
import { planReshard, type ReshardPlan } from './reshard.ts'
import { routesOf } from './routes.ts'
import { sequenceNumber } from './sequence-number.ts'
import {
  isOpen,
  openShard,
  recordOf,
  type Shard,
  type ShardOptions,
  type ShardRecord,
  shardFolder,
} from './shard.ts'
import type { StreamRecord, StreamSettings } from './stream-record.ts'
import { turns } from './turns.ts'
import { planUniformScaling } from './uniform-scaling.ts'

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
  /**
   * Splits and merges until `count` open shards share the hash keys out evenly, all in one step: it is made as a whole
   * or, when it cannot be stored, not at all. Short-lived shards of it have ended before they could take a record.
   * @param scaledAt the setting of this name from then on
   */
  scale(count: number, scaledAt: readonly number[]): Promise<void>
  /** Changes settings. Rejects when they cannot be stored; they are then as they were. */
  set(settings: Partial<Omit<StreamSettings, 'tags'>>): Promise<void>
  /** Replaces the tags. Unlike all other changes it leaves the stream ACTIVE. */
  tag(tags: StreamSettings['tags']): Promise<void>
  /** Removes what has outlived the retention period: old segments, and ended shards with all they hold. */
  trim(): Promise<void>
  /** What is to be kept of it. A reshard is in here before it shows in `shards`. */
  record(): StreamRecord
  close(): Promise<void>
}

export { defaultRetentionHours } from './stream-record.ts'

export const region = 'us-east-1'
export const accountId = '000000000000'
export const streamArn = (name: string): string => `arn:aws:kinesis:${region}:${accountId}:stream/${name}`

export type StreamOptions = ShardOptions & {
  folder: string
  commits: GroupCommit
  /** How long a change leaves the stream UPDATING. */
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
  let planned: Partial<StreamRecord> = {}

  const put: Stream['put'] = (partitionKey, data, explicitHashKey) => {
    const shard =
      explicitHashKey === undefined ? routes.toKey(partitionKey) : routes.to(hashFromDecimal(explicitHashKey))
    if (shard === undefined)
      throw new Error(`no open shard of ${name} takes ${explicitHashKey ?? partitionKey}`)
    const at = now()
    // Characters stand for bytes here: votes are ASCII, and other producers send bytes.
    const bytes = data.length + partitionKey.length
    if (!shard.limit.take(at, bytes)) {
      shard.traffic.refused(at)
      return { throttled: shard.id }
    }
    const ordinal = shard.log.append(at, partitionKey, data)
    shard.traffic.took(at, bytes)
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
   * Makes a change of the record durable, then applies it. Until it shows in the stream, others that are stored find it
   * in `planned`. When it cannot be stored the stream stays as it was.
   */
  const store = async (changed: Partial<StreamRecord>, apply: () => void | Promise<void>): Promise<void> => {
    planned = changed
    try {
      await options.save()
      await apply()
    } finally {
      planned = {}
    }
  }

  /** The stream is UPDATING while the change is made, and for a while after it unless it has failed. */
  const updating = async (make: () => Promise<void>): Promise<void> => {
    const before = stream.change
    stream.change = { status: 'UPDATING', endsAt: Number.POSITIVE_INFINITY }
    try {
      await make()
    } catch (error) {
      stream.change = before
      throw error
    }
    stream.change = { status: 'UPDATING', endsAt: now() + options.changeMs }
  }

  /**
   * The children are stored before they take a record, and the parents end only with all they took durable. A crash
   * leaves the stream as it was, or with the children; what the parents took between being stored as ended and the
   * switch is in their logs, and is read like the rest. When it cannot be stored, folders of children may stay, empty
   * and with no file open: the next attempt takes the same ones.
   */
  const reshard = async (draw: (plan: ReshardPlan) => void, settings: Partial<StreamSettings> = {}) => {
    const plannedAt = now()
    const plan = planReshard(stream.shards.map(recordOf), { createdAt, boot }, plannedAt)
    draw(plan)
    const { shards, endings, children: newShards } = plan.outcome()
    const children = await Promise.all(newShards.map(open))
    await store({ ...settings, shards }, async () => {
      const parents = stream.shards.filter(({ index }) => endings.has(index))
      Object.assign(stream, settings)
      stream.shards = [...stream.shards, ...children]
      routes = routesOf(stream.shards.filter((shard) => isOpen(shard) && !endings.has(shard.index)))
      await Promise.all(parents.map(({ log }) => log.commit()))
      // One time for all of them, so that no shard expires before its parents do.
      const endedAt = Math.max(plannedAt, ...parents.map(({ log }) => log.newest().arrival))
      for (const shard of stream.shards) {
        const endingSequenceNumber = endings.get(shard.index)
        if (endingSequenceNumber !== undefined) Object.assign(shard, { endedAt, endingSequenceNumber })
      }
    })
  }

  const removeShards = async (expired: readonly Shard[]): Promise<void> => {
    stream.shards = stream.shards.filter((shard) => !expired.includes(shard))
    // The folder goes before the shard's name does: after a crash in between, the next trim finds an empty shard.
    for (const { index, log: records } of expired) {
      await records.close()
      await rm(shardFolder(folder, index), { recursive: true, force: true })
    }
    await options.save()
  }

  const trim = async (): Promise<void> => {
    const horizon = now() - stream.retentionHours * 3_600_000
    const failed = (id: string) => (error: unknown) =>
      log(`old records of ${id} could not be removed and will be tried again`, error)
    for (const { id, log: records } of stream.shards) await records.trim(horizon).catch(failed(id))
    const expired = stream.shards.filter(({ endedAt }) => endedAt !== undefined && endedAt < horizon)
    if (expired.length > 0) await removeShards(expired)
  }

  const stream: Stream = {
    ...record,
    arn: streamArn(name),
    shards: await Promise.all(record.shards.map(open)),
    change,
    put,
    split: (id, newStartingHashKey) =>
      inTurn(() =>
        updating(async () => {
          const parent = openShardOf(id)
          const ranges = splitRange(parent.range, hashFromDecimal(newStartingHashKey))
          await reshard((plan) => plan.replace([parent], ranges))
        }),
      ),
    merge: (id, adjacentId) =>
      inTurn(() =>
        updating(async () => {
          const [parent, adjacent] = [openShardOf(id), openShardOf(adjacentId)]
          const range = joinRanges(parent.range, adjacent.range)
          await reshard((plan) => plan.replace([parent, adjacent], [range]))
        }),
      ),
    scale: (count, scaledAt) =>
      inTurn(() => updating(() => reshard((plan) => planUniformScaling(plan, count), { scaledAt }))),
    set: (settings) =>
      inTurn(() => updating(() => store(settings, () => void Object.assign(stream, settings)))),
    tag: (tags) => inTurn(() => store({ tags }, () => void Object.assign(stream, { tags }))),
    trim: () => inTurn(trim),
    record: () => {
      const { mode, retentionHours, tags, metrics, scaledAt, modeChangedAt } = stream
      const settings: StreamSettings = { mode, retentionHours, tags, metrics, scaledAt, modeChangedAt }
      return { name, createdAt, ...settings, shards: stream.shards.map(recordOf), ...planned }
    },
    close: () =>
      inTurn(async () => {
        await Promise.all(stream.shards.map((shard) => shard.log.close()))
      }),
  }
  let routes = routesOf(stream.shards.filter(isOpen))
  return stream
}
