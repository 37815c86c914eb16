import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import {
  type CfnDeliveryStream,
  DeliveryStream,
  type IDestination,
  KinesisStreamSource,
  StreamEncryption,
} from 'aws-cdk-lib/aws-kinesisfirehose'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, LogStream, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { acknowledgeWildcard } from '../wildcard.ts'

export type ArchiveDeliveryOptions = {
  archive: Bucket
  /** Where in the archive, e.g. `votes/`; Firehose's hour of delivery follows. */
  prefix: string
  /** An object is written when so much waits, before it is compressed, or for a minute. */
  bufferMiB: number
  /** The stream to read, and the function that makes lines of its records. Without it, lines are put. */
  source?: { stream: IStream; transformer: IFunction }
}

const bufferSeconds = 60

/**
 * A Firehose delivery stream into the archive, with a role that may do this and nothing else. Its objects are named as the local
 * ones are (infra/local/firehose/object-key.ts). Firehose adds no line breaks: each line brings its own (archive-line.ts).
 *
 * CDK's own S3 destination would let Firehose read, overwrite and delete everything in the bucket.
 */
export const archiveDelivery = (
  scope: Construct,
  id: string,
  options: ArchiveDeliveryOptions,
): DeliveryStream => {
  const { archive, source } = options
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('firehose.amazonaws.com') })
  const log = errorLog(scope, id)
  const granted = [
    log.group.grant(role, 'logs:PutLogEvents'),
    Grant.addToPrincipal({ grantee: role, actions: bucketActions, resourceArns: [archive.bucketArn] }),
    Grant.addToPrincipal({
      grantee: role,
      actions: objectActions,
      resourceArns: [archive.arnForObjects(`${options.prefix}*`), archive.arnForObjects(errorFiles(options))],
    }),
  ]
  for (const files of [`${options.prefix}*`, errorFiles(options)])
    acknowledgeWildcard(
      role,
      archive,
      `/${files}`,
      'Object names, which Firehose makes up, below one prefix.',
    )
  if (source !== undefined)
    granted.push(
      Grant.addToPrincipal({
        grantee: role,
        actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
        // Firehose may name the function with its version.
        resourceArns: [source.transformer.functionArn, `${source.transformer.functionArn}:$LATEST`],
      }),
    )
  const destination: IDestination = {
    bind: () => ({
      extendedS3DestinationConfiguration: {
        roleArn: role.roleArn,
        bucketArn: archive.bucketArn,
        prefix: `${options.prefix}!{timestamp:yyyy/MM/dd/HH/}`,
        errorOutputPrefix: `${errorPrefix(options)}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}`,
        compressionFormat: 'GZIP',
        bufferingHints: { intervalInSeconds: bufferSeconds, sizeInMBs: options.bufferMiB },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: log.group.logGroupName,
          logStreamName: log.stream.logStreamName,
        },
        ...(source === undefined
          ? {}
          : { processingConfiguration: transformation(role, source.transformer) }),
      },
      dependables: granted,
    }),
  }
  const made =
    source === undefined
      ? new DeliveryStream(scope, id, { destination, encryption: StreamEncryption.awsOwnedKey() })
      : new DeliveryStream(scope, id, { destination, role, source: new NarrowStreamSource(source.stream) })
  removeAddresses(Stack.of(scope))
  return made
}

/** CDK adds Firehose's addresses by Region to the stack, for destinations in a VPC; nothing here asks for them. */
const removeAddresses = ({ node }: Stack): void => {
  const addresses = node.tryFindChild('@aws-cdk/aws-kinesisfirehose.CidrBlocks')
  if (addresses !== undefined) node.tryRemoveChild(addresses.node.id)
}

/** Beside the archive's own folders: what lies here is no line of it. */
const errorPrefix = ({ prefix }: ArchiveDeliveryOptions): string => `errors/${prefix}`
const errorFiles = (options: ArchiveDeliveryOptions): string => `${errorPrefix(options)}*`

/** What Firehose needs of a bucket (Firehose developer guide, "Grant Firehose access to an Amazon S3 destination"). */
const bucketActions = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads']
const objectActions = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject']

/** A delivery that fails says so here, and is tried again for a day (direct put), or as long as the stream keeps its records. */
const errorLog = (scope: Construct, id: string): { group: LogGroup; stream: LogStream } => {
  const removalPolicy = RemovalPolicy.DESTROY
  const group = new LogGroup(scope, `${id}Errors`, { retention: RetentionDays.ONE_MONTH, removalPolicy })
  return { group, stream: new LogStream(scope, `${id}ErrorStream`, { logGroup: group, removalPolicy }) }
}

const transformation = (
  role: Role,
  transformer: IFunction,
): CfnDeliveryStream.ProcessingConfigurationProperty => ({
  enabled: true,
  processors: [
    {
      type: 'Lambda',
      parameters: Object.entries({
        LambdaArn: transformer.functionArn,
        RoleArn: role.roleArn,
        // An answer may have 6 MB, and is two to three times its records: aggregators/archive.lambda.ts.
        BufferSizeInMBs: '1',
        BufferIntervalInSeconds: String(bufferSeconds),
        NumberOfRetries: '3',
      }).map(([parameterName, parameterValue]) => ({ parameterName, parameterValue })),
    },
  ],
})

/** CDK's own grants consumers' and listing rights beside. */
class NarrowStreamSource extends KinesisStreamSource {
  readonly #stream: IStream

  constructor(stream: IStream) {
    super(stream)
    this.#stream = stream
  }

  override grantRead(role: Role): Grant {
    return this.#stream.grant(
      role,
      'kinesis:DescribeStream',
      'kinesis:GetShardIterator',
      'kinesis:GetRecords',
      'kinesis:ListShards',
    )
  }
}

/** How long the oldest line has waited that is not yet in the archive, in seconds. */
export const dataFreshness = (deliveryStream: DeliveryStream) =>
  deliveryStream.metric('DeliveryToS3.DataFreshness', { statistic: 'max', period: Duration.minutes(1) })
