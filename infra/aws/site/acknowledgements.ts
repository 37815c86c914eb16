import { Stack, Validations } from 'aws-cdk-lib'
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { IConstruct } from 'constructs'

const acknowledge = (construct: IConstruct, reasons: Readonly<Record<string, string>>): void => {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason })
}

export const acknowledgePage = (bucket: Bucket): void =>
  acknowledge(bucket, {
    'AwsSolutions-S1': 'It holds a public page, which only CloudFront reads; its log would tell nothing.',
  })

export const acknowledgeDistribution = (
  distribution: Distribution,
  { ownDomain }: { ownDomain: boolean },
): void =>
  acknowledge(distribution, {
    'AwsSolutions-CFR1': 'Who may vote from where is for the broadcaster to say; a viewer anywhere may look.',
    'AwsSolutions-CFR2':
      'Votes pass a firewall at the front door, by the address of their voter. The rest is a page and answers that are cached.',
    'AwsSolutions-CFR3':
      'Secrecy of the ballot: an access log would hold the address of every voter beside the time of the vote.',
    'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk':
      'The default root object is set, so that no viewer gets a list; with it a missing file is a 404 and no 403.',
    ...(ownDomain
      ? {}
      : {
          'AwsSolutions-CFR4':
            "Under a cloudfront.net name the certificate and its TLS versions are CloudFront's; with settings.domain it is TLS 1.2 at least.",
        }),
  })

/** The CDK's own function that fills buckets: one in a stack, and the CDK decides what it runs on. */
export const acknowledgeDeployer = (scope: IConstruct): void => {
  const { children } = Stack.of(scope).node
  for (const deployer of children.filter(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment')))
    acknowledge(deployer, {
      'AwsSolutions-L1':
        "The CDK's function, on the Python it is tested with; a newer CDK brings a newer one.",
      'Serverless-LambdaLatestVersion':
        "The CDK's function, on the Python it is tested with; a newer CDK brings a newer one.",
      'Serverless-LambdaDLQ': 'CloudFormation waits for its answer, and a failure stops the deployment.',
      'Serverless-LambdaTracing': 'It runs in deployments only, and the CDK has no way to trace it.',
    })
}
