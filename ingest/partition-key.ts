/**
 * What a record is, is told by its partition key alone, and no door lets a client choose one:
 * votes carry `v-` and the gateway's extended request id, a close marker the reserved key.
 */
const votePrefix = 'v-'

/** The reserved partition key of control records (close markers). */
export const controlKey = 'placar-control'

/** @param extendedRequestId the gateway's own id of the request (`$context.extendedRequestId`) */
export const voteKey = (extendedRequestId: string): string => votePrefix + extendedRequestId
