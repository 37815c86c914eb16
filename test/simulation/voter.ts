import { writeEnvelope, writeMarker } from '../../ingest/envelope.ts'
import { voteKey } from '../../ingest/partition-key.ts'
import { PollError } from '../../ingest/poll.ts'
import { createPoll } from '../../ingest/poll-creation.ts'
import type { Decision } from './decision.ts'
import { poison } from './recount.ts'
import { inTurns, newTask } from './task.ts'
import { happened, type Process, runIn, streamNow, tableNow, type World } from './world.ts'

export const pollId = (number: number): string => `poll-${number}`
export const optionId = (number: number): string => `o${number}`

/** A record from outside: good or bad, and never with a key that its sender chose. */
export const putVote = (world: World, vote: Extract<Decision, { do: 'vote' }>): void => {
  const poll = pollId(vote.poll)
  const votes = vote.options.map((option) => ({
    option: optionId(option),
    ...(vote.kind === 'poison' ? { voterId: poison } : {}),
  }))
  const good = writeEnvelope(poll, world.now, votes)
  const data = {
    votes: Buffer.from(good),
    poison: Buffer.from(good),
    malformed: Buffer.from(good.replace('"votes":[', '"votes":[0,')),
    'not utf-8': Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0xfe])]),
    'forged marker': Buffer.from(
      writeMarker({ ...(world.table.polls.get(poll) ?? { id: poll }), shards: [] } as never),
    ),
    'other version': Buffer.from(good.replace('"v":1', '"v":2')),
  }
  const { closesAt = null, closedAt } = world.table.polls.get(poll) ?? {}
  const arrival = streamNow(world) - vote.backMs
  if (vote.backMs > 0) happened(world, 'an arrival steps back')
  if (closesAt !== null && arrival < closesAt && closedAt !== undefined)
    happened(world, 'a vote arrives before closesAt at a poll that is closed')
  if (closesAt !== null && arrival >= closesAt && closedAt === undefined)
    happened(world, 'a vote arrives after closesAt at a poll that is not closed')
  world.log.put(vote.hash, voteKey(`request-${world.now}`), data[vote.kind], vote.backMs)
}

/** Creates a poll as the command does; its clock shows whole seconds. */
export const createOne = async (
  world: World,
  { options, opensInMs, closesInMs, again, fault }: Extract<Decision, { do: 'create' }>,
): Promise<void> => {
  const { table, now } = world
  const isTaken = again !== undefined && table.polls.has(pollId(again))
  if (isTaken) happened(world, 'an id is asked for again')
  const id = isTaken ? pollId(again) : pollId(table.polls.size)
  const request = {
    id,
    title: 'A poll',
    options: Array.from({ length: options }, (_, at) => ({ id: optionId(at), label: optionId(at) })),
    opensAt: now + opensInMs,
    ...(closesInMs === null ? {} : { closesAt: now + closesInMs }),
  }
  const process: Process<undefined> = { task: newTask('creator'), memory: undefined }
  const { readPolls, putPending, confirm, voidPending } = world.failing
  // Somebody else was faster.
  const ports = { readPolls: isTaken ? async () => new Map() : readPolls, putPending, confirm, voidPending }
  const work = async (): Promise<void> => {
    const date = (): number => Math.floor(tableNow(world) / 1000) * 1000
    const untilDate = async (): Promise<void> => {}
    await createPoll(request, { ...inTurns(ports, () => process.task), date, untilDate }).then(
      () => isTaken && world.violations.push(`the id ${id} was used again`),
      (error: unknown) => tellRefusal(world, id, error),
    )
  }
  await runIn(world, process, () => {}, work, fault)
}

/** What the command says to whoever wanted the poll is no failure. */
const tellRefusal = (world: World, id: string, error: unknown): void => {
  if (!(error instanceof PollError)) throw error
  if (world.table.polls.get(id)?.voided) happened(world, 'a creator is told that the poll is void')
}

/** `closesAt` moves only while the old and the new value are both over 30 s away and the poll is not closed. */
export const movePoll = (world: World, { poll: number, toMs }: Extract<Decision, { do: 'move' }>): void => {
  const poll = world.table.polls.get(pollId(number))
  const far = tableNow(world) + 30_000
  if (poll === undefined || poll.closedAt !== undefined || (poll.closesAt ?? far + 1) <= far) return
  if (tableNow(world) + toMs > far) poll.closesAt = tableNow(world) + toMs
}
