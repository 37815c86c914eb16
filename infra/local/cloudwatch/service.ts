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
    const ids = queryIds(body.toString())
    if (ids === undefined)
      return refuse(
        refusal('SerializationException', 'GetMetricData expects MetricDataQueries, each with an Id.'),
        contentType,
      )
    const age = await iteratorAgeMs()
    const MetricDataResults = ids.map((Id) => ({
      Id,
      Label: 'IteratorAge',
      Timestamps: [now() / 1000],
      Values: [age],
      StatusCode: 'Complete',
    }))
    return answer({ MetricDataResults, Messages: [] })
  },
})

/** The ids of the queries in a request; `undefined` when it is no request for metrics. */
const queryIds = (body: string): string[] | undefined => {
  try {
    const { MetricDataQueries } = JSON.parse(body) as { MetricDataQueries?: { Id?: unknown }[] }
    const ids = MetricDataQueries?.map(({ Id }) => Id)
    return ids?.every((id) => typeof id === 'string') ? ids : undefined
  } catch {
    return undefined
  }
}

const answer = (body: object): ServiceAnswer => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: JSON.stringify(body),
})
