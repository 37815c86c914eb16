/** One cast vote, as it stands in the stream. Which poll it belongs to is said once, by its envelope. */
export type Vote = {
  /** Option id, `[a-z0-9-]{1,64}`. */
  option: string
  /** The client's own id of the vote, recorded and not yet de-duplicated. */
  voteId?: string
  /** The client's own id of the voter. */
  voterId?: string
  /** When the client says the vote was cast, epoch ms. Never decides whether it counts. */
  castAt?: number
}

/** Votes in one batch request, and so in one stream record, at most. */
export const maxBatchVotes = 500

/** Largest request bodies the front door takes, in bytes (design, section 4). */
export const maxVoteBytes = 64 * 1024
export const maxBatchBytes = 512 * 1024

const slug = /^[a-z0-9-]{1,64}$/

/** Whether `text` can be the id of a poll or of an option. */
export const isSlug = (text: string): boolean => slug.test(text)
