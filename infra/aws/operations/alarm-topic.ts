import { CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { Settings } from '../settings.ts'

/**
 * Where alarms go: over TLS only and encrypted, to whom the settings name. Without an address there is a topic all the same,
 * for a pager to subscribe to.
 *
 * With AWS's own key for SNS, CloudWatch may not use the topic and the alarm goes nowhere (SNS developer guide, "Enable
 * compatibility between event sources from AWS services and encrypted topics"): hence a key of our own.
 */
export const alarmTopic = (scope: Construct, { alarmEmail }: Settings): Topic => {
  const key = new Key(scope, 'TopicKey', {
    description: 'Placar: alarms on their way',
    enableKeyRotation: true,
    // It has nothing to open but messages that were sent long ago.
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const topic = new Topic(scope, 'Alarms', {
    displayName: `Placar ${Stack.of(scope).stackName}`,
    masterKey: key,
    enforceSSL: true,
  })
  key.addToResourcePolicy(fromAlarms(scope, ['kms:Decrypt', 'kms:GenerateDataKey'], '*'))
  // A policy of its own, which TLS needs, stands in place of the one that SNS gives every topic.
  topic.addToResourcePolicy(fromAlarms(scope, ['sns:Publish'], topic.topicArn))
  if (alarmEmail !== undefined)
    Validations.of(topic.addSubscription(new EmailSubscription(alarmEmail))).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'Nobody would look into a queue of lost mails; the alarm itself stays in CloudWatch.',
    })
  new CfnOutput(scope, 'AlarmTopic', { value: topic.topicArn, description: 'Where alarms are sent' })
  return topic
}

/** @param resource in a key's policy `*` is the key itself */
const fromAlarms = (scope: Construct, actions: string[], resource: string): PolicyStatement =>
  new PolicyStatement({
    actions,
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    resources: [resource],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  })
