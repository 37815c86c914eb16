import { Aws, CfnMapping } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** Regions in which CloudFront offers Origin Shield (its developer guide, "Choosing the AWS Region for Origin Shield"). */
export const shieldRegions = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'sa-east-1',
] as const

type ShieldRegion = (typeof shieldRegions)[number]

/** Which of them serves a Region that has none, by the same page. */
const advised: Record<string, ShieldRegion> = {
  'us-west-1': 'us-west-2',
  'af-south-1': 'eu-west-1',
  'ap-east-1': 'ap-southeast-1',
  'ca-central-1': 'us-east-1',
  'eu-south-1': 'eu-central-1',
  'eu-west-3': 'eu-west-2',
  'eu-north-1': 'eu-west-2',
  'me-south-1': 'ap-south-1',
}

/** Regions of which the copy of that page that we read says nothing: ours, by the map; nothing was measured. */
const nearby: Record<string, ShieldRegion> = {
  'ap-east-2': 'ap-northeast-1',
  'ap-northeast-3': 'ap-northeast-1',
  'ap-south-2': 'ap-south-1',
  'ap-southeast-3': 'ap-southeast-1',
  'ap-southeast-4': 'ap-southeast-2',
  'ap-southeast-5': 'ap-southeast-1',
  'ap-southeast-6': 'ap-southeast-2',
  'ap-southeast-7': 'ap-southeast-1',
  'ca-west-1': 'us-west-2',
  'eu-central-2': 'eu-central-1',
  'eu-south-2': 'eu-west-2',
  'il-central-1': 'eu-central-1',
  'me-central-1': 'ap-south-1',
  'me-west-1': 'ap-south-1',
  'mx-central-1': 'us-west-2',
}

/**
 * The Origin Shield of the stack's Region. A template does not know its Region before it is deployed, so the table goes into
 * it; in a Region that the table has not, the deployment stops and names this mapping.
 */
export const originShieldRegion = (scope: Construct): string => {
  const own = Object.fromEntries(shieldRegions.map((region) => [region, region]))
  const rows = Object.entries({ ...own, ...advised, ...nearby })
  return new CfnMapping(scope, 'OriginShield', {
    mapping: Object.fromEntries(rows.map(([region, shield]) => [region, { shield }])),
  }).findInMap(Aws.REGION, 'shield')
}
