import { writeUnits } from '../cost.ts'
import { type Quota, quotas } from './quotas.ts'

/** A quota beside what a plan takes of it. `enough`: `here and there`, where AWS gives it to some Regions only. */
export type QuotaNeed = Quota & { needed: number; enough: 'yes' | 'here and there' | 'no' }

/** scoreboard, close, export, scale: one of each at a time. */
const otherHandlers = 4

/**
 * What so many requests a second and so many shards take of each quota. Requests carry the headroom of the shards: a
 * quota is to be raised before it is met, not when.
 */
export const quotaNeeds = (requestsPerSecond: number, batch: number, shards: number): QuotaNeed[] => {
  const requests = Math.ceil(requestsPerSecond - 1e-9)
  return [
    need(quotas.apiGatewayRequests, requests),
    need(batch === 1 ? quotas.votesThrottle : quotas.batchesThrottle, requests),
    need(quotas.webAclRequests, requests),
    need(quotas.cloudFrontRequests, requests),
    need(quotas.shards, shards),
    need(quotas.shardsOfStream, shards),
    need(quotas.lambdaConcurrency, shards + otherHandlers),
    need(quotas.tableWrites, Math.ceil(writeUnits(shards, 1))),
  ]
}

const need = (quota: Quota, needed: number): QuotaNeed => ({
  ...quota,
  needed,
  enough:
    needed > quota.given ? 'no' : needed > (quota.least?.given ?? quota.given) ? 'here and there' : 'yes',
})
