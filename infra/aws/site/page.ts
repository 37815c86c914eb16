import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { accountWideName } from './account-wide-name.ts'
import { acknowledgePage } from './acknowledgements.ts'
import { securityHeaders } from './security-headers.ts'

/** Where the built page lies, for CloudFront alone. It can be built again at any time, so it goes with its stack. */
export const pageBucket = (scope: Construct): IBucket => {
  const bucket = new Bucket(scope, 'Page', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
  })
  acknowledgePage(bucket)
  // The CDK's types are not written for exactOptionalPropertyTypes.
  return bucket as IBucket
}

/** The page's files. How long each is kept, by edge and browser, the deployment says with each file. */
export const pageBehavior = (scope: Construct, bucket: IBucket): BehaviorOptions => ({
  origin: S3BucketOrigin.withOriginAccessControl(bucket, {
    originAccessControl: new S3OriginAccessControl(scope, 'PageAccess', {
      originAccessControlName: accountWideName(scope, 'page'),
    }),
    // With LIST, S3 answers 404 for what there is not, and 403 without. No list gets out: `/` is index.html, and no query
    // reaches the bucket.
    originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
  }),
  cachePolicy: CachePolicy.CACHING_OPTIMIZED,
  responseHeadersPolicy: securityHeaders(scope),
  allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
})
