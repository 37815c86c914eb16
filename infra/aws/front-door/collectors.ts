import type { IApiKey, RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { Throttle } from '../settings.ts'

/**
 * Trusted collectors (SMS gateways, partner sites, edge caches): who may send batches, and how many.
 *
 * @returns the first one's key; AWS chooses its value, which no file holds
 */
export const addCollectors = (api: RestApi, { rate, burst }: Throttle): IApiKey => {
  const key = api.addApiKey('CollectorKey', { description: 'For POST /polls/{poll}/votes/batch' })
  const stage = api.deploymentStage
  const plan = api.addUsagePlan('Collectors', {
    description: 'Batches of trusted collectors',
    throttle: { rateLimit: rate, burstLimit: burst },
    apiStages: [{ api: stage.restApi, stage }],
  })
  plan.addApiKey(key)
  return key
}
