import { Stack } from 'aws-cdk-lib'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

/** Metrics of our own are under the stack's name: two stacks in one account and Region do not mix. */
export const namespaceOf = (scope: Construct): string => `Placar/${Stack.of(scope).stackName}`

/** Has the handlers publish under the stack's namespace, which Powertools reads from this variable. */
export const publishUnder = (scope: Construct, functions: readonly LambdaFunction[]): void => {
  for (const handler of functions) handler.addEnvironment('POWERTOOLS_METRICS_NAMESPACE', namespaceOf(scope))
}
