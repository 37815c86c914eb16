import type { CountStore } from './count-store.ts'
import type { Polls } from './evolve.ts'

/** Poll definitions, shared by the invocations of one process. */
export type PollCache = {
  /** At most `maxAgeMs` old. */
  read(): Promise<Polls>
  /** Read consistently, now. */
  refresh(): Promise<Polls>
}

/** Well under the 30 s for which `closesAt` stands still before either of its values takes effect. */
const maxAgeMs = 10_000

export const pollCache = (store: Pick<CountStore, 'readPolls'>, now: () => number): PollCache => {
  let polls: Polls | undefined
  let readAt = 0
  const refresh = async (): Promise<Polls> => {
    const startedAt = now()
    polls = await store.readPolls()
    readAt = startedAt
    return polls
  }
  return {
    read: async () => (polls !== undefined && now() - readAt < maxAgeMs ? polls : refresh()),
    refresh,
  }
}
