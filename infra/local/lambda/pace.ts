/** How long a shard is left alone when it had no records (Lambda: about a second). The one number without an AWS setting. */
export const pollMs = 250

/** So many shards are asked again after `pollMs` behind a batch, too. */
const shardsAtFullPace = 12
/** More wait longer, at most so many times `pollMs`: a second, as on Lambda. */
const slowest = 4

/**
 * How long a shard is left alone behind a batch when so many shards have records, ms. An invocation takes some 5 ms of the
 * machine whatever it carries, so more shards are not to be more invocations.
 */
export const restMs = (shards: number): number =>
  pollMs * Math.min(Math.max(1, shards / shardsAtFullPace), slowest)
