import { Duration, Stack, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { Construct } from 'constructs'
import { acknowledgeWildcard } from './wildcard.ts'

/**
 * Runs a function once a minute. What a run could not do is left to the next, so none is repeated: by the schedule, or by
 * Lambda, which would otherwise run one that failed twice more, and keep for hours those that it has no room for.
 */
export const everyMinute = (scope: Construct, handler: LambdaFunction, event: object = {}): void => {
  const role = new Role(scope, 'EveryMinuteRole', {
    // A schedule of another account is not to borrow it.
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  })
  handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) })
  Validations.of(handler).acknowledge({
    id: 'Serverless-LambdaAsyncFailureDestination',
    reason: 'The next run, a minute later, does what this one could not; an alarm hears of runs that fail.',
  })
  new Schedule(scope, 'EveryMinute', {
    schedule: ScheduleExpression.rate(Duration.minutes(1)),
    target: new LambdaInvoke(handler, {
      role,
      retryAttempts: 0,
      input: ScheduleTargetInput.fromObject(event),
    }),
  })
  acknowledgeWildcard(
    role,
    handler,
    ':*',
    'The versions of this one function, which CDK adds to the right to invoke it.',
  )
}
