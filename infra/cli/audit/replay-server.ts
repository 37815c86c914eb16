import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer } from '../../../dashboard/answer.ts'
import type { Views } from '../../../dashboard/views.ts'
import { refusal } from '../../../ingest/errors.ts'
import { httpDoor } from '../../local/gateway/http-door.ts'
import { refusalReply } from '../../local/gateway/reply.ts'
import { type RequestHandler, type RequestHead, requestHandler } from '../../local/gateway/request-handler.ts'
import { routeOf } from '../../local/gateway/route.ts'
import type { Site } from '../../local/gateway/site.ts'
import { urlOf } from '../../local/port.ts'
import type { Past } from './replay-store.ts'
import { pastViews } from './replay-views.ts'

export type ReplayServer = { url: string; views: Views; close(): Promise<void> }

const host = '127.0.0.1'

/**
 * Serves the dashboard over the past, on loopback. Every time that it tells, `asOf` and the reads' `Date` alike, is
 * the virtual clock's: the page knows no other. Votes are answered 503.
 *
 * @param now the virtual clock, epoch ms
 * @param port 0 for any that is free
 */
export const openReplayServer = async (
  past: Past,
  site: Site,
  now: () => number,
  port: number,
): Promise<ReplayServer> => {
  const views = asReplay(pastViews(past, now))
  const handle = requestHandler({
    stream: { put: noVotes },
    origin: (path, query) => answer({ path, query: new URLSearchParams(query) }, views),
    site,
    healthy: () => true,
    now,
    log: (message, error) => console.error(message, error),
  })
  const voteRefused = refusal(
    'unavailable',
    `This is a replay of poll ${past.poll.id}, as it was. No vote is taken.`,
  )
  const handleRead: RequestHandler = (head, respond) => {
    if (!isVote(head)) return handle(head, respond)
    respond(refusalReply(voteRefused))
    return undefined
  }
  const server = createServer(httpDoor(handleRead, () => false))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    url: urlOf(host, (server.address() as AddressInfo).port),
    views,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Marks the scoreboard, so that the page does not look live and offers no votes. */
const asReplay = (views: Views): Views => ({
  ...views,
  scoreboard: async (pollId) => {
    const found = await views.scoreboard(pollId)
    return found && { ...found, replay: true }
  },
})

const isVote = ({ method, target }: RequestHead): boolean =>
  method === 'POST' && routeOf(target.split('?')[0] ?? '', () => false)?.kind === 'vote'

const noVotes = (): never => {
  throw new Error('a replay takes no votes')
}
