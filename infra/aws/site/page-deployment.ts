import { RemovalPolicy } from 'aws-cdk-lib'
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment'
import type { Construct } from 'constructs'
import { acknowledgeDeployer } from './acknowledgements.ts'
import { deployerRole } from './deployer-role.ts'
import { unavailable } from './error-answers.ts'

/** What carries a hash in its name, and never changes. */
const hashed = 'assets/*'

/**
 * Puts the built page into its bucket: first the files with a hash in their names, to be kept for ever, then index.html,
 * which names them and is asked for each time. Nothing is pruned: a page that has been open since before a deployment, or
 * an index.html still on its way, goes on finding the files it names.
 */
export const deployPage = (
  scope: Construct,
  { folder, bucket, distribution }: { folder: string; bucket: IBucket; distribution: IDistribution },
): void => {
  const page = new Asset(scope, 'BuiltPage', { path: folder, exclude: ['.*'] })
  const logGroup = new LogGroup(scope, 'DeployerLogs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const role = deployerRole(scope, { archive: page, bucket, distribution, logGroup })
  const alike = { destinationBucket: bucket, prune: false, role, logGroup }
  const pageSource = Source.bucket(page.bucket, page.s3ObjectKey)

  const assets = new BucketDeployment(scope, 'Assets', {
    ...alike,
    sources: [pageSource],
    exclude: ['*'],
    include: [hashed],
    cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
  })
  const index = new BucketDeployment(scope, 'Index', {
    ...alike,
    sources: [pageSource, Source.jsonData(unavailable.key, unavailable.body)],
    exclude: [hashed],
    cacheControl: [CacheControl.fromString('no-cache')],
    distribution,
    // By both its names; what has a hash in its name never changes.
    distributionPaths: ['/', '/index.html'],
    // The edge keeps what is no-cache for a second only, so nobody need wait for the invalidation. (CloudFormation hands
    // `false` on as text, which the CDK's function may take for true: seen in its code, not tried.)
    waitForDistributionInvalidation: false,
  })
  index.node.addDependency(assets)
  acknowledgeDeployer(scope)
}
