/**
 * What the model takes for granted beside the prices. None of it was measured on AWS; each is rounded to the side that
 * costs more. Sizes in bytes, times in ms.
 */
export const assumptions = {
  /** A record: the envelope and, for each vote, option, voteId, voterId and castAt. A single vote is 200 bytes. */
  envelopeBytes: 80,
  voteBytes: 120,
  /** Body and headers of a `202`. */
  answerBytes: 600,
  /** A line of the access log as infra/aws/front-door/stage.ts writes it, and 26 bytes that CloudWatch adds. */
  accessLogBytes: 300,
  /** X-Ray's own sampling rule: 5 % (and the first request of each second, left out here). */
  traced: 0.05,
  /** More shards than the rate needs by itself (design, section 10). */
  headroom: 1.25,
  /** Who reads the stream: the aggregator's mapping and the archive's Firehose. */
  consumers: 2,
  /** Days that the stream keeps a record beyond the first. */
  daysKeptBeyondFirst: 6,
  aggregator: {
    memoryGb: 1,
    /** Lambda looks at a shard once a second, and ends each window with one more invocation. */
    pollsPerSecond: 1,
    windowSeconds: 5,
    fixedMs: 25,
    perVoteMs: 0.02,
    /** The ledger item, KB, put once an invocation and once more where a window ends. */
    ledgerKb: 4,
    /** A window's item, KB, in the table and two indexes; written, then marked as sent. */
    partKb: 2,
    partWrites: 3 * 2,
    /** Read units of the definitions, once an invocation. */
    definitionReads: 4,
  },
  archiver: { memoryGb: 1, bytesPerInvocation: 2 ** 20, ms: 300 },
  /** A line of the archive beside its record, and what gzip leaves of both. */
  archive: { lineBytes: 180, compressed: 0.25 },
  /** A scoreboard as a viewer gets it, compressed, with its headers; asked for once a second. */
  scoreboard: { bytes: 1_200, readsPerSecond: 1 },
  /** In infra/aws/front-door/web-acl.ts. */
  wafRules: 4,
} as const
