import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** The clock of the table, known by the `Date` of its answers to this client. Never the laptop's. */
export type TableClock = {
  /** The `Date` of the newest answer: epoch ms, in whole seconds. Throws before the first answer. */
  date(): number
  /**
   * The table's time, epoch ms, at most a second early; the more answers there were, the nearer. It is late, and by a second
   * at most, only after that clock was set back. Throws before the first answer.
   */
  now(): number
}

const clocks = new WeakMap<DynamoDBClient, TableClock>()

export const tableClock = (client: DynamoDBClient): TableClock => {
  const clock = clocks.get(client) ?? startClock(client)
  clocks.set(client, clock)
  return clock
}

const startClock = (client: DynamoDBClient): TableClock => {
  let date = Number.NaN
  // Each answer proves that the table's clock had at least reached its `Date`; the greatest difference is the nearest.
  let aheadMs = Number.NEGATIVE_INFINITY
  // And when the newest answer was made, that clock had not reached the next second.
  let atMostMs = Number.POSITIVE_INFINITY
  client.middlewareStack.add(
    (next) => async (args) => {
      const askedAt = performance.now()
      const answer = await next(args)
      const { headers } = answer.response as { headers?: Record<string, string> }
      date = Date.parse(headers?.date ?? '')
      if (!Number.isNaN(date)) {
        aheadMs = Math.max(aheadMs, date - performance.now())
        atMostMs = date + 1000 - askedAt
      }
      return answer
    },
    { step: 'deserialize', priority: 'high', name: 'tableClock' },
  )
  const expectDate = (): void => {
    if (Number.isNaN(date)) throw new Error('the table answered without a Date, which polls are dated by')
  }
  return {
    date: () => {
      expectDate()
      return date
    },
    now: () => {
      expectDate()
      return Math.floor(performance.now() + Math.min(aheadMs, atMostMs))
    },
  }
}
