import {
  definePoll,
  expectRoom,
  isDefined,
  type Poll,
  type PollDefinition,
  PollError,
  type PollRequest,
} from './poll.ts'

/** Definitions are dated this far ahead of the table's clock: its `Date` is in whole seconds, and a put takes a while. */
const createdAheadMs = 2000

export type PollCreationPorts = {
  readPolls(): Promise<ReadonlyMap<string, Poll>>
  /** Puts a pending definition unless its id is taken. @returns whether it is in the table now */
  putPending(definition: PollDefinition): Promise<boolean>
  /** Makes a pending definition valid. @returns the definition as it then stands */
  confirm(id: string): Promise<Poll>
  /** Makes a pending definition void. @returns the definition as it then stands */
  voidPending(id: string): Promise<Poll>
  /** `Date` of the table's newest answer. */
  date(): number
  /** Settles when the table's `Date` has come to this. */
  untilDate(date: number): Promise<void>
}

/**
 * Defines a poll, dated by the table's own clock (design, section 5). The answer to the creating put must carry an earlier
 * date than `createdAt`: only then can no vote have met the poll before it was there. The definition is pending until it is
 * confirmed; a vote that meets it before that makes it void. So a poll is valid to every vote or to none, wherever the
 * creator may stop. Throws `PollError`.
 */
export const createPoll = async (request: PollRequest, ports: PollCreationPorts): Promise<PollDefinition> => {
  const polls = await ports.readPolls()
  const date = ports.date()
  if (polls.has(request.id)) throw taken(request.id)
  expectRoom(polls.values(), request, date)
  const definition = definePoll(request, date + createdAheadMs)
  if (!(await ports.putPending(definition))) throw taken(request.id)
  const isInTime = ports.date() < definition.createdAt
  const poll = await (isInTime ? ports.confirm : ports.voidPending)(request.id)
  if (!isDefined(poll))
    throw new PollError(
      `poll ${request.id} was written too late to be trusted and is void; try again with another id`,
    )
  // Votes meet a poll from its `createdAt` on; whoever made it finds it open.
  await ports.untilDate(definition.createdAt)
  return definition
}

const taken = (id: string): PollError => new PollError(`poll ${id} exists already; ids are never used again`)
