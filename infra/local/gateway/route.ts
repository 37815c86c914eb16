import { isSlug } from '../../../ingest/vote.ts'

/** Where a path leads. `allow`: the methods it takes. */
export type Route =
  | { kind: 'vote'; allow: 'POST'; poll: string; batch: boolean }
  | { kind: 'read'; allow: 'GET, HEAD' }
  | { kind: 'health'; allow: 'GET, HEAD' }
  | { kind: 'asset'; allow: 'GET, HEAD' }

const reads: readonly string[] = ['scoreboard', 'windows', 'shards']
const asset = { kind: 'asset', allow: 'GET, HEAD' } as const
const read = { kind: 'read', allow: 'GET, HEAD' } as const

/** The route of a path (without query), or `undefined`: 404. Any well-formed segment is a poll id. */
export const routeOf = (path: string, isAsset: (path: string) => boolean): Route | undefined => {
  if (path.startsWith('/polls/')) {
    const [, , poll = '', view = '', batch, ...rest] = path.split('/')
    if (!isSlug(poll) || rest.length > 0) return undefined
    if (view === 'votes' && batch === undefined) return { kind: 'vote', allow: 'POST', poll, batch: false }
    if (view === 'votes' && batch === 'batch') return { kind: 'vote', allow: 'POST', poll, batch: true }
    return batch === undefined && reads.includes(view) ? read : undefined
  }
  if (path === '/polls' || path === '/stats') return read
  if (path === '/health') return { kind: 'health', allow: 'GET, HEAD' }
  return isAsset(path) ? asset : undefined
}
