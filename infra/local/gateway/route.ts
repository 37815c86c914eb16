/** Where a path leads. `allow`: the methods it takes. */
export type Route =
  | { kind: 'vote'; allow: 'POST'; poll: string; batch: boolean }
  | { kind: 'read'; allow: 'GET, HEAD' }
  | { kind: 'health'; allow: 'GET, HEAD' }
  | { kind: 'asset'; allow: 'GET, HEAD' }

const asset = { kind: 'asset', allow: 'GET, HEAD' } as const
const read = { kind: 'read', allow: 'GET, HEAD' } as const

const votesPath = /^\/polls\/([a-z0-9-]{1,64})\/votes(\/batch)?$/
const readPath = /^\/polls\/[a-z0-9-]{1,64}\/(scoreboard|windows|shards)$/

/** The route of a path (without query), or `undefined`: 404. Any well-formed segment is a poll id. */
export const routeOf = (path: string, isAsset: (path: string) => boolean): Route | undefined => {
  const votes = votesPath.exec(path)
  if (votes !== null)
    return { kind: 'vote', allow: 'POST', poll: votes[1] ?? '', batch: votes[2] !== undefined }
  if (path === '/polls' || path === '/stats' || readPath.test(path)) return read
  if (path === '/health') return { kind: 'health', allow: 'GET, HEAD' }
  return isAsset(path) ? asset : undefined
}
