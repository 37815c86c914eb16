import { join } from 'node:path'
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Architecture, type IFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

const root = join(import.meta.dirname, '..', '..')

export type HandlerFunctionOptions = {
  /** The handler's file, from the repository's root. */
  entry: string
  description: string
  timeoutSeconds: number
  memoryMb: number
  environment: Readonly<Record<string, string>>
}

/** Some packages are CommonJS and ask for Node's own modules by `require`, which an ES module has not. */
const requireBanner =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** A Lambda function of one of our handlers, the same file that runs on a laptop, bundled with everything it needs. */
export const handlerFunction = (
  scope: Construct,
  id: string,
  { entry, description, timeoutSeconds, memoryMb, environment }: HandlerFunctionOptions,
): IFunction =>
  new NodejsFunction(scope, id, {
    entry: join(root, entry),
    projectRoot: root,
    depsLockFilePath: join(root, 'package-lock.json'),
    description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(timeoutSeconds),
    memorySize: memoryMb,
    tracing: Tracing.ACTIVE,
    logGroup: new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
    environment: { ...environment, NODE_OPTIONS: '--enable-source-maps', POWERTOOLS_LOG_LEVEL: 'INFO' },
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
