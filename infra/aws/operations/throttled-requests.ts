import type { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { FrontDoor } from '../front-door.ts'
import { namespaceOf } from './namespace.ts'

/**
 * Requests that were answered 429, because the API or a shard takes no more. API Gateway's own metrics know 4xx only, so the
 * lines of its access log are counted. What the firewall refuses to one address is not among them ([mem]: API Gateway calls
 * that WAF_FILTERED, also where the firewall's answer is a 429; if not, they are counted too).
 */
export const throttledRequests = (scope: Construct, frontDoor: FrontDoor): Metric =>
  new MetricFilter(scope, 'Throttled', {
    logGroup: frontDoor.accessLog,
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.status', '=', '429'),
      FilterPattern.stringValue('$.error', '!=', 'WAF_FILTERED'),
    ),
    metricNamespace: namespaceOf(scope),
    metricName: 'ThrottledRequests',
    metricValue: '1',
    defaultValue: 0,
  }).metric()
