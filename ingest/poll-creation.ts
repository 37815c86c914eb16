import { pollSortKey } from './count-table.ts'
import {
  definePoll,
  expectRoom,
  type Poll,
  type PollDefinition,
  PollError,
  type PollRequest,
} from './poll.ts'

/** Definitions are dated this far ahead of the table's clock: its `Date` is in whole seconds, and a put takes a while. */
const createdAheadMs = 2000

export type PollCreationPorts = {
  readPolls(): Promise<ReadonlyMap<string, Poll>>
  /** Puts a definition unless its id is taken. @returns whether it is in the table now */
  putNew(SK: string, definition: PollDefinition): Promise<boolean>
  markVoid(SK: string): Promise<unknown>
  /** `Date` of the table's newest answer. */
  date(): number
  /** Settles when the table's `Date` has come to this. */
  untilDate(date: number): Promise<void>
}

/**
 * Defines a poll, dated by the table's own clock (design, section 5). The answer to the creating put must carry an earlier
 * date than `createdAt`: only then can no vote have met the poll before it was there. Otherwise it is void.
 */
export const createPoll = async (request: PollRequest, ports: PollCreationPorts): Promise<PollDefinition> => {
  const polls = await ports.readPolls()
  const date = ports.date()
  if (polls.has(request.id)) throw taken(request.id)
  expectRoom(polls.values(), request, date)
  const definition = definePoll(request, date + createdAheadMs)
  const SK = pollSortKey(definition.id)
  if (!(await ports.putNew(SK, definition))) throw taken(definition.id)
  if (ports.date() < definition.createdAt) {
    // Votes meet a poll from its `createdAt` on; whoever made it finds it open.
    await ports.untilDate(definition.createdAt)
    return definition
  }
  await ports.markVoid(SK)
  throw new PollError(
    `poll ${definition.id} was written too late to be trusted and is void; try again with another id`,
  )
}

const taken = (id: string): PollError => new PollError(`poll ${id} exists already; ids are never used again`)
