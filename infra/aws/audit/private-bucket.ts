import { Duration } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { keepUnless } from '../removal.ts'
import type { Settings } from '../settings.ts'

/**
 * A bucket that nobody outside reads, over TLS only, encrypted with S3's own key. Kept with all it holds when its stack goes,
 * unless the stack was told otherwise; then it is emptied, as CloudFormation removes no bucket that holds something.
 */
export const privateBucket = (
  scope: Construct,
  id: string,
  { removeVotes, objectLockDays }: Settings,
  { lifecycleRules = [], ...props }: BucketProps,
): Bucket =>
  new Bucket(scope, id, {
    ...props,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [...lifecycleRules, { abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy: keepUnless(removeVotes),
    // What is locked nobody can empty.
    autoDeleteObjects: removeVotes && objectLockDays === 0,
  })
