import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Stream } from 'aws-cdk-lib/aws-kinesis'
import type { Construct } from 'constructs'

/** The role in which API Gateway puts votes into the stream, and can do nothing else. */
export const streamWriter = (scope: Construct, stream: Stream): Role =>
  new Role(scope, 'StreamWriter', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    description: 'Puts votes into the stream.',
    inlinePolicies: {
      PutVotes: new PolicyDocument({
        statements: [
          new PolicyStatement({
            effect: Effect.ALLOW,
            actions: ['kinesis:PutRecord'],
            resources: [stream.streamArn],
          }),
        ],
      }),
    },
  })
