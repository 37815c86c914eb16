import type { PollsView, Scoreboard, Stats } from '../dashboard/read-model.ts'
import type { Rejections } from '../ingest/rejection.ts'
import { LoadError } from './load-error.ts'

/** What Placar says it has counted, read from its three doors. */
export type Count = {
  /** Of the poll, as the scoreboard tells it. */
  status: Scoreboard['status']
  poll: { options: Record<string, number>; rejected: Rejections; votes: number }
  system: { rejected: Rejections; votes: number }
  stats: Stats
}

/** Reads the count of a poll and of the system from a running Placar. */
export type CountReader = {
  count(): Promise<Count>
  /** Votes counted and rejected in every poll but this one. */
  otherVotes(): Promise<number>
}

/**
 * @param url Placar's address, without a slash at its end
 * @throws LoadError naming the request, when it is not answered 200 within 10 s
 */
export const countReader = (url: string, poll: string): CountReader => ({
  count: async () => {
    const [scoreboard, stats] = await Promise.all([
      read<Scoreboard>(`${url}/polls/${poll}/scoreboard`),
      read<Stats>(`${url}/stats`),
    ])
    return {
      status: scoreboard.status,
      poll: {
        options: Object.fromEntries(scoreboard.options.map(({ id, votes }) => [id, votes])),
        rejected: scoreboard.rejected,
        votes: votesOf(scoreboard),
      },
      system: { rejected: stats.rejected, votes: votesOf(stats) },
      stats,
    }
  },
  otherVotes: async () => {
    const { polls } = await read<PollsView>(`${url}/polls`)
    const others = polls.filter(({ id }) => id !== poll)
    const boards = others.map(({ id }) => read<Scoreboard>(`${url}/polls/${id}/scoreboard`))
    return (await Promise.all(boards)).reduce((sum, board) => sum + votesOf(board), 0)
  },
})

/** Votes that were counted or rejected. */
const votesOf = ({ counted, rejected }: { counted: number; rejected: Rejections }): number =>
  Object.values(rejected).reduce((sum, votes) => sum + votes, counted)

const read = async <T>(url: string): Promise<T> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((cause: unknown) => {
    throw new LoadError(`GET ${url} was not answered.`, { cause })
  })
  if (response.status !== 200)
    throw new LoadError(`GET ${url} was answered ${response.status}, expected 200.`)
  return (await response.json()) as T
}
