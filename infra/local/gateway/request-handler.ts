import { failedRead } from '../../../dashboard/answer.ts'
import { type Refusal, refusal } from '../../../ingest/errors.ts'
import type { Stream } from '../kinesis/stream.ts'
import type { Log } from '../log-file.ts'
import { edgeCache, type Origin } from './edge-cache.ts'
import { jsonReply, type Reply, refusalReply } from './reply.ts'
import { routeOf } from './route.ts'
import type { Site } from './site.ts'
import { acceptVotes } from './votes.ts'

/** What is used of a request's head. `target` is the path with its query. */
export type RequestHead = {
  method: string
  target: string
  contentType: string | undefined
  ifNoneMatch: string | undefined
}

/** A body that is waited for: `take` gets it as text (UTF-8), unless it is over the limit. */
export type BodyWanted = { maxBytes: number; tooLarge: Refusal; take(text: string): void }

/**
 * Answers a request: calls `respond` exactly once, at once or later. Where the answer depends on the body it returns how it
 * wants that; a body that nobody wants is read past.
 */
export type RequestHandler = (head: RequestHead, respond: (reply: Reply) => void) => BodyWanted | undefined

export type HandlerPorts = {
  stream: Pick<Stream, 'put'>
  /** The read model, uncached. */
  origin: Origin
  site: Site
  healthy: () => boolean
  now: () => number
  log: Log
}

/** Sent with `/health`, so that a second `npm start` can tell that it is Placar which has the port. */
export const serverName = 'placar'

/** The routes of the gateway. The order of the checks is 404, 405, 415, 413, 400, 429 (design, section 4). */
export const requestHandler = ({ stream, origin, site, healthy, now, log }: HandlerPorts): RequestHandler => {
  const read = edgeCache(origin, now)
  const isAsset = (path: string): boolean => site.has(path)

  const answerRead = async (path: string, query: string, known: string | undefined): Promise<Reply> => {
    try {
      const { statusCode, headers, body } = await read(path, query)
      return isKnown(known, headers.etag)
        ? { status: 304, headers, body: '' }
        : jsonReply(statusCode, body, headers)
    } catch (error) {
      log(`${path} could not be read`, error)
      return refusalReply(failedRead)
    }
  }

  const assetAt = (path: string, known: string | undefined): Reply => {
    const file = site.get(path)
    if (file === undefined) return notFound(path)
    const { headers, body } = file
    return isKnown(known, headers.etag) ? { status: 304, headers, body: '' } : { status: 200, headers, body }
  }

  const health = (): Reply => {
    const headers = { server: serverName, 'cache-control': 'no-store' }
    return healthy()
      ? jsonReply(200, '{"status":"ok"}', headers)
      : refusalReply(refusal('unavailable', 'Not every part of Placar runs.'), headers)
  }

  return ({ method, target, contentType, ifNoneMatch }, respond) => {
    const mark = target.indexOf('?')
    const path = mark < 0 ? target : target.slice(0, mark)
    const route = routeOf(path, isAsset)
    if (route === undefined) respond(notFound(path))
    else if (!route.allow.includes(method))
      respond(
        refusalReply(refusal('method_not_allowed', `${path} takes ${route.allow}, not ${method}.`), {
          allow: route.allow,
        }),
      )
    else if (route.kind === 'vote') return acceptVotes(route, contentType, stream, now(), respond)
    else if (route.kind === 'read')
      void answerRead(path, mark < 0 ? '' : target.slice(mark + 1), ifNoneMatch).then(respond)
    else respond(route.kind === 'asset' ? assetAt(path, ifNoneMatch) : health())
    return undefined
  }
}

const notFound = (path: string): Reply =>
  refusalReply(refusal('not_found', `Nothing is at ${path.slice(0, 200)}; the README lists the routes.`))

/** Whether the client holds the answer with this ETag already. */
const isKnown = (ifNoneMatch: string | undefined, etag: string | undefined): boolean =>
  ifNoneMatch !== undefined &&
  etag !== undefined &&
  ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*')
