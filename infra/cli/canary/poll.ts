import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { type Instance, InstanceError } from '../instance.ts'
import { createOwnPoll } from '../load/own-poll.ts'
import { readScoreboard } from './scoreboard.ts'

export type CanaryPollOptions = {
  url: string
  id: string
  /** Whose count store a new poll goes into; asked for only then. */
  instance: () => Promise<Instance>
  say: (text: string) => void
}

/** In all likelihood longer than the deployment lives. */
const openForMs = 10 * 365 * 86_400_000

/**
 * The scoreboard of the canary's poll, which is created where there is none.
 *
 * @throws InstanceError when the poll is over, when nothing answers, or when no instance is named to create it in
 */
export const canaryPoll = async ({ url, id, instance, say }: CanaryPollOptions): Promise<Scoreboard> => {
  const found = await readScoreboard(url, id)
  if (found !== undefined) return takingVotes(found)
  const poll = {
    id,
    title: 'Canary: is a vote counted?',
    options: ['counted', 'unused'],
    closesAt: Date.now() + openForMs,
  }
  await createOwnPoll(await instance(), url, poll)
  say(`Created the poll ${id}.`)
  const created = await readScoreboard(url, id)
  if (created === undefined)
    throw new InstanceError(`The poll ${id} was open a moment ago and is unknown to ${url}.`)
  return takingVotes(created)
}

const takingVotes = (board: Scoreboard): Scoreboard => {
  if (board.status === 'open') return board
  throw new InstanceError(
    `The poll ${board.poll.id} is ${board.status}, so no vote in it counts; name another one with --poll, and it is created.`,
  )
}
