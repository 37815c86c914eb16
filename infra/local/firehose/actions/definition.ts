import type { InputOf } from '../../aws/validation/shape.ts'
import type { DeliveryStreamDefinition, Destination } from '../delivery-stream.ts'
import type {
  deliveryStreamName,
  deliveryStreamType,
  extendedS3DestinationConfiguration,
  kinesisStreamSourceConfiguration,
  s3DestinationConfiguration,
} from './fields.ts'

export type CreateInput = InputOf<{
  DeliveryStreamName: typeof deliveryStreamName
  DeliveryStreamType: typeof deliveryStreamType
  KinesisStreamSourceConfiguration: typeof kinesisStreamSourceConfiguration
  S3DestinationConfiguration: typeof s3DestinationConfiguration
  ExtendedS3DestinationConfiguration: typeof extendedS3DestinationConfiguration
}>

type Extended = NonNullable<CreateInput['ExtendedS3DestinationConfiguration']>

/** AWS's defaults for S3 (API reference, BufferingHints). */
const defaultHints = { SizeInMBs: 5, IntervalInSeconds: 300 }

/** A definition from CreateDeliveryStream's input, or what is wrong with it. AWS does not document its words for that. */
export const readDefinition = (input: CreateInput): DeliveryStreamDefinition | { wrong: string } => {
  const { KinesisStreamSourceConfiguration: kinesis, DeliveryStreamType: type = 'DirectPut' } = input
  if (type !== 'DirectPut' && type !== 'KinesisStreamAsSource')
    return { wrong: `DeliveryStreamType ${type} does not exist here.` }
  if ((type === 'KinesisStreamAsSource') !== (kinesis !== undefined))
    return { wrong: 'KinesisStreamSourceConfiguration belongs to, and is needed for, KinesisStreamAsSource.' }
  const s3: Extended | undefined =
    input.ExtendedS3DestinationConfiguration ?? input.S3DestinationConfiguration
  if (s3 === undefined || (input.ExtendedS3DestinationConfiguration && input.S3DestinationConfiguration))
    return { wrong: 'Exactly one destination configuration is supported for a Firehose.' }
  const destination = readDestination(s3)
  if ('wrong' in destination) return destination
  const processor = readProcessor(s3)
  if (processor !== undefined && 'wrong' in processor) return processor
  return {
    name: input.DeliveryStreamName,
    ...(kinesis ? { source: { streamArn: kinesis.KinesisStreamARN, roleArn: kinesis.RoleARN } } : {}),
    ...(processor ? { processor } : {}),
    destination,
  }
}

const readDestination = (s3: Extended): Destination | { wrong: string } => {
  const { BucketARN, RoleARN, Prefix = '', CompressionFormat: compression = 'UNCOMPRESSED' } = s3
  if (compression !== 'GZIP' && compression !== 'UNCOMPRESSED')
    return { wrong: `CompressionFormat ${compression} does not exist here; expected GZIP or UNCOMPRESSED.` }
  // A key is a path here and must stay in its bucket's folder.
  if (!/^[\w!.*'()/=-]*$/.test(Prefix) || Prefix.includes('..'))
    return {
      wrong: `Prefix is '${Prefix}'; expected letters, digits and !-_.*'()/= without expressions or '..'.`,
    }
  if (/:\.+$/.test(BucketARN)) return { wrong: `BucketARN ${BucketARN} names no bucket.` }
  const buffering = { ...defaultHints, ...s3.BufferingHints }
  return { bucketArn: BucketARN, roleArn: RoleARN, prefix: Prefix, compression, buffering }
}

const readProcessor = ({
  ProcessingConfiguration: processing,
}: Extended): DeliveryStreamDefinition['processor'] | { wrong: string } => {
  if (!processing?.Enabled) return undefined
  const [only, ...more] = processing.Processors ?? []
  const parameters = only?.Parameters ?? []
  const arn = parameters.find(({ ParameterName }) => ParameterName === 'LambdaArn')?.ParameterValue
  if (only?.Type !== 'Lambda' || more.length > 0 || arn === undefined)
    return { wrong: 'Exactly one processor, of type Lambda and with a LambdaArn, is supported here.' }
  return { functionArn: arn, parameters }
}
