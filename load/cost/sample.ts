import { type Bill, bill } from './bill.ts'
import { charge } from './price.ts'
import { prices } from './prices.ts'

/**
 * Super Serverless Sample (github.com/epiresdasilva/super-serverless-sample, read in its serverless.yml and handlers, commit
 * e9aefb8): API Gateway → EventBridge → Lambda → DynamoDB → SQS → Lambda → Aurora. What the files do not say is assumed
 * like Placar's own figures.
 */
const sample = {
  memoryGb: 0.125,
  /** One invocation a vote, which waits for its put. */
  registerMs: 50,
  /** Up to 100 votes an invocation, one row for each option. */
  counterVotes: 100,
  counterMs: 100,
  /** Sent one by one by Lambda's destination; Lambda receives and deletes ten at once. */
  queueRequestsPerVote: 1.2,
  /** Its Aurora Serverless v1, which AWS has retired, stands at 2 units; priced as 2 of v2. */
  acus: 2,
  /** Both functions print what they get. */
  logBytesPerVote: 500,
} as const

/** What that design costs at a rate, at the same prices, as it is configured; whether it would hold the rate is not asked. */
export const sampleBill = (votesPerSecond: number, hours: number): Bill => {
  const votes = votesPerSecond * hours * 3_600
  const batches = votes / sample.counterVotes
  const seconds = (votes * sample.registerMs + batches * sample.counterMs) / 1_000
  return bill({
    'API Gateway': charge(prices.restRequests, votes),
    EventBridge: charge(prices.eventBridgeEvents, votes),
    'Lambda, both':
      charge(prices.lambdaInvocations, votes + batches) +
      charge(prices.lambdaGbSeconds, seconds * sample.memoryGb),
    DynamoDB: charge(prices.dynamoDbWrites, votes),
    SQS: charge(prices.sqsRequests, votes * sample.queueRequestsPerVote),
    Aurora: charge(prices.auroraAcuHours, sample.acus * hours),
    'Lambda logs': charge(prices.accessLogs, votes * sample.logBytesPerVote),
  })
}
