/**
 * Metrics that the handlers publish, by service: Powertools puts the service into a dimension. Each costs as one custom
 * metric, however many shards there are; what shards take in one by one the stream measures itself. Not one is counted by:
 * an invocation that ends before it has published leaves a gap, and `GET /stats` has the totals.
 */
export const metricNames = {
  aggregate: {
    /** Votes counted, and rejected, by an invocation. */
    counted: 'Counted',
    rejected: 'Rejected',
    /** Of the votes that an invocation counted, ms. */
    acceptedToCountedP99: 'AcceptedToCountedP99',
  },
  export: {
    /** Seconds since the oldest window ended that a sink has not had when a run ends; 0: none waits. */
    oldestUnsent: 'OldestUnsentSeconds',
  },
  close: {
    /** Polls that should have a result and have none, when a run begins; and seconds that the oldest of them waits. */
    pollsClosing: 'PollsClosing',
    closing: 'ClosingSeconds',
  },
} as const
