import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  FunctionEventType,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import type { Construct } from 'constructs'
import type { FrontDoor } from '../front-door.ts'
import { viewerAddress } from './viewer-address.ts'

/**
 * Votes, through to the front door: never cached, with every method, query and header, `x-api-key` too, so that there is one
 * base URL. `Host` alone stays behind, since API Gateway finds the API by it. `Origin` and preflights pass, so the front
 * door's CORS holds here too; the page itself is of the same origin and needs none. CloudFront repeats a POST only if it
 * could not connect, so a vote is not doubled on the way.
 */
export const votesBehavior = (
  scope: Construct,
  { origin, edge }: Pick<FrontDoor, 'origin' | 'edge'>,
): BehaviorOptions => ({
  origin: new HttpOrigin(origin.domainName, {
    originPath: origin.path,
    customHeaders: { [edge.proofHeader]: edge.proof },
  }),
  cachePolicy: CachePolicy.CACHING_DISABLED,
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  allowedMethods: AllowedMethods.ALLOW_ALL,
  functionAssociations: [
    { function: viewerAddress(scope, edge.viewerHeader), eventType: FunctionEventType.VIEWER_REQUEST },
  ],
  // A redirect would come when the ballot has already crossed the net in the clear.
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
})
