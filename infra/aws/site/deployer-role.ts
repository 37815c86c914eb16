import { Stack, Validations } from 'aws-cdk-lib'
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront'
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Asset } from 'aws-cdk-lib/aws-s3-assets'
import type { Construct } from 'constructs'
import { acknowledgeWildcard } from '../wildcard.ts'

/**
 * What the CDK's deployment function may: read what the CDK uploads, write the page's bucket, invalidate this distribution.
 * The role that the CDK makes by itself may do `s3:List*` and the like, and invalidate every distribution of the account.
 */
export const deployerRole = (
  scope: Construct,
  parts: { archive: Asset; bucket: IBucket; distribution: IDistribution; logGroup: ILogGroup },
): IRole => {
  const { archive, bucket, distribution, logGroup } = parts
  const role = new Role(scope, 'Deployer', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      deployment: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['s3:GetObject'],
            resources: [archive.bucket.arnForObjects('*')],
          }),
          new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
          new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')] }),
          new PolicyStatement({
            actions: ['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'],
            resources: [distribution.distributionArn],
          }),
          new PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    },
  })
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${bucketName(archive)}/*]`,
    reason:
      'Archives are named after what is in them. A right to a new one alone may not be known yet when the function runs.',
  })
  acknowledgeWildcard(role, bucket, '/*', 'Any file of the page; the names change with every build.')
  return role.withoutPolicyUpdates()
}

/** The name of the bucket with the CDK's uploads, as cdk-nag writes it. */
const bucketName = (archive: Asset): string => {
  const name: string | { 'Fn::Sub': string } = Stack.of(archive).resolve(archive.s3BucketName)
  return typeof name === 'string' ? name : name['Fn::Sub'].replaceAll(/\$\{(.*?)\}/g, '<$1>')
}
