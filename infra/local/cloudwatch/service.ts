import type { Service, ServiceAnswer } from '../aws/service.ts'
import { refusal, refuse } from '../aws/service.ts'

const contentType = 'application/x-amz-json-1.0'

/**
 * As much of CloudWatch as the scoreboard asks: the newest `IteratorAge` of the aggregator (GetMetricData, JSON 1.0).
 * Every query is answered with it; on AWS the value is up to a minute or two old, here it is that of the moment.
 */
export const cloudWatchService = (iteratorAgeMs: () => Promise<number>, now: () => number): Service => ({
  prefix: 'GraniteServiceVersion20100801',
  handle: async (action, body) => {
    if (action !== 'GetMetricData') return refuse(refusal('UnknownOperationException', action), contentType)
    const { MetricDataQueries = [] } = JSON.parse(body.toString()) as { MetricDataQueries?: { Id: string }[] }
    const age = await iteratorAgeMs()
    const MetricDataResults = MetricDataQueries.map(({ Id }) => ({
      Id,
      Label: 'IteratorAge',
      Timestamps: [now() / 1000],
      Values: [age],
      StatusCode: 'Complete',
    }))
    return answer({ MetricDataResults, Messages: [] })
  },
})

const answer = (body: object): ServiceAnswer => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: JSON.stringify(body),
})
