import type { MemoryCountStore } from '../aggregators/memory-count-store.ts'
import { readMarker } from './recount.ts'
import type { ShardLog } from './shard-log.ts'
import { happened, isBetweenCalls, streamNow, type World } from './world.ts'

/** The table, and the kinds of hostile events that show in how its calls meet. */
export const meetingClosings = (table: MemoryCountStore, world: () => World): MemoryCountStore => ({
  ...table,
  joinPoll: async (id, shardId) => {
    const isNew = table.polls.get(id)?.shards.includes(shardId) === false
    const poll = await table.joinPoll(id, shardId)
    if (!isNew) return poll
    if (!poll.shards.includes(shardId)) happened(world(), 'a shard comes too late for the set')
    else if (isBetweenCalls(world(), 'closer')) {
      happened(world(), 'a shard joins the set between two calls of a closer')
      if (isBetweenCalls(world(), 'closer', 'closePoll'))
        happened(
          world(),
          'a shard joins the set between a closer that lists the shards and its closing the poll',
        )
    }
    return poll
  },
  closePoll: async (id, joining, closesAt) => {
    const before = structuredClone(table.polls.get(id))
    const poll = await table.closePoll(id, joining, closesAt)
    if (before?.closedAt !== undefined) happened(world(), 'a closer finds the poll closed already')
    else if (poll?.closedAt === undefined) happened(world(), 'a closer finds that closesAt has moved')
    else {
      if (poll.shards.length > (before?.shards.length ?? 0))
        happened(world(), 'a closer adds a shard to the set that no vote has joined')
      if (closesAt !== undefined && streamNow(world()) < closesAt)
        happened(world(), 'a poll closes by the table before it does by the stream')
    }
    return poll
  },
  finishPoll: async (id, result) => {
    if (table.polls.get(id)?.finalAt !== undefined)
      happened(world(), 'a closer finds the result written already')
    return table.finishPoll(id, result)
  },
})

/** The stream as the closer has it, and the same of its calls. */
export const meetingStream = (world: World): ShardLog => ({
  ...world.log,
  lookBeyond: async (shardId, sequenceNumber) => {
    const beyond = await world.log.lookBeyond(shardId, sequenceNumber)
    if (beyond === 'gone') happened(world, 'an ended shard is gone')
    return beyond
  },
  putControl: async (shards, data) => {
    const taken = await world.log.putControl(shards, data)
    const { id: poll } = JSON.parse(data).poll
    for (const { id } of shards) {
      const shard = world.log.shards.find((shard) => shard.id === id)
      if (shard?.open === false)
        happened(world, 'a marker goes to a shard that was split or merged since it was listed')
      else if (!taken.includes(id)) happened(world, 'a marker is refused by a throttled shard')
      else if ((shard?.records.filter((record) => readMarker(record) === poll).length ?? 0) > 1)
        happened(world, 'a shard gets a second marker')
    }
    return taken
  },
})
