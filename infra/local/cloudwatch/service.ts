import { json } from '../aws/json-encoding.ts'
import { rpcService } from '../aws/rpc-service.ts'
import type { Service } from '../aws/service.ts'
import { type CloudWatch, getMetricData } from './get-metric-data.ts'

/**
 * As much of CloudWatch as Placar asks: GetMetricData, in the JSON 1.0 of the JavaScript SDK. (Up to 2.9 at least, the
 * AWS CLI speaks CloudWatch's older query protocol, which the endpoint does not.)
 */
export const cloudWatchService = (context: CloudWatch): Service =>
  rpcService({
    prefix: 'GraniteServiceVersion20100801',
    encodings: [json],
    context,
    actions: new Map([['GetMetricData', getMetricData]]),
  })
