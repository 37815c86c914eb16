import { Duration } from 'aws-cdk-lib'
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  CacheQueryStringBehavior,
  FunctionUrlOriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { IFunctionUrl } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { pipeline } from '../../config.ts'
import { accountWideName } from './account-wide-name.ts'
import { originShieldRegion } from './origin-shield.ts'

/** As the laptop's edge cache: any number of viewers cost the scoreboard one request a second and URL. */
export const readsTtl = Duration.seconds(1)

/**
 * Scoreboard, windows, shards and stats. CloudFront signs what it asks the function; nobody else may ask it. An ETag of the
 * function's comes through (a weak one where CloudFront compresses), and CloudFront answers 304 from what it holds.
 */
export const readsBehavior = (scope: Construct, reads: IFunctionUrl): BehaviorOptions => ({
  origin: FunctionUrlOrigin.withOriginAccessControl(reads, {
    originAccessControl: new FunctionUrlOriginAccessControl(scope, 'ReadsAccess', {
      originAccessControlName: accountWideName(scope, 'reads'),
    }),
    // Edges the world over then ask one cache, and that one asks the function.
    originShieldEnabled: true,
    originShieldRegion: originShieldRegion(scope),
    // A second more than the function has: its own error is better than a wait, with others waiting for the same URL.
    readTimeout: Duration.seconds(pipeline.scoreboard.timeoutSeconds + 1),
  }),
  cachePolicy: new CachePolicy(scope, 'ReadsCache', {
    comment: 'Placar: reads, for a second',
    minTtl: readsTtl,
    defaultTtl: readsTtl,
    maxTtl: readsTtl,
    // The parameters that the read model knows; others make no new entry.
    queryStringBehavior: CacheQueryStringBehavior.allowList('since', 'limit'),
    enableAcceptEncodingGzip: true,
    enableAcceptEncodingBrotli: true,
  }),
  allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
})
