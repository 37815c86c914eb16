import { action } from '../../aws/rpc-service.ts'
import type { Timestream } from '../timestream.ts'

/**
 * The JavaScript SDK asks for this before everything else when the endpoint comes from `AWS_ENDPOINT_URL`. It takes the
 * host from the answer, and keeps the protocol and the port that it has.
 */
export const describeEndpoints = action({}, (_: Timestream) => ({
  Endpoints: [{ Address: '127.0.0.1', CachePeriodInMinutes: 1440 }],
}))
