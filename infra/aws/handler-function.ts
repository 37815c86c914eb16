import { join } from 'node:path'
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, type Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

const root = join(import.meta.dirname, '..', '..')

export type HandlerFunctionOptions = {
  /** The handler's file, from the repository's root. */
  entry: string
  description: string
  timeoutSeconds: number
  memoryMb: number
  environment: Readonly<Record<string, string>>
  /** Why no queue is needed for events that the function failed at. */
  noDeadLetters: string
}

/** Some packages are CommonJS and ask for Node's own modules by `require`, which an ES module has not. */
const requireBanner =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** A Lambda function of one of our handlers, the same file that runs on a laptop, bundled with everything it needs. */
export const handlerFunction = (
  scope: Construct,
  id: string,
  options: HandlerFunctionOptions,
): LambdaFunction => {
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const handler = new NodejsFunction(scope, id, {
    entry: join(root, options.entry),
    projectRoot: root,
    depsLockFilePath: join(root, 'package-lock.json'),
    description: options.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(options.timeoutSeconds),
    memorySize: options.memoryMb,
    tracing: Tracing.ACTIVE,
    role: logWriter(scope, `${id}Role`, logGroup),
    logGroup,
    environment: {
      ...options.environment,
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_LOG_LEVEL: 'INFO',
    },
    bundling: {
      format: OutputFormat.ESM,
      target: 'node24',
      mainFields: ['module', 'main'],
      minify: true,
      sourceMap: true,
      sourceMapMode: SourceMapMode.EXTERNAL,
      sourcesContent: false,
      externalModules: [],
      banner: requireBanner,
    },
  })
  Validations.of(handler).acknowledge({ id: 'Serverless-LambdaDLQ', reason: options.noDeadLetters })
  return handler
}

/** A function's role. CDK's own has a managed policy that may write to every log group there is. */
const logWriter = (scope: Construct, id: string, logGroup: ILogGroup): Role => {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      logs: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    },
  })
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'AWS knows no resources for these: PutTraceSegments and PutTelemetryRecords of X-Ray, GetMetricData of CloudWatch (the scoreboard), DescribeEndpoints of Timestream (the exporter).',
  })
  return role
}
