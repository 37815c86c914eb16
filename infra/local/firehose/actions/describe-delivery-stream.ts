import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import { WireTimestamp } from '../../aws/wire-value.ts'
import type { DeliveryStream } from '../running-delivery-stream.ts'
import type { FirehoseContext } from './context.ts'
import { deliveryStreamName } from './fields.ts'
import { findDeliveryStream } from './find-delivery-stream.ts'

const input = {
  DeliveryStreamName: deliveryStreamName,
  Limit: { type: 'integer', min: 1, max: 10_000 },
  ExclusiveStartDestinationId: {
    type: 'string',
    pattern: '[a-zA-Z0-9-]+',
    minLength: 1,
    maxLength: 100,
  },
} as const

export const describeDeliveryStream = action(input, (context: FirehoseContext, { DeliveryStreamName }) => {
  const found = findDeliveryStream(context, DeliveryStreamName)
  if (isRefusal(found)) return found
  return {
    DeliveryStreamDescription: {
      DeliveryStreamName,
      DeliveryStreamARN: found.arn,
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
      DeliveryStreamType: found.source ? 'KinesisStreamAsSource' : 'DirectPut',
      VersionId: '1',
      CreateTimestamp: new WireTimestamp(found.createdAt),
      ...describeSource(found),
      Destinations: [describeDestination(found)],
      HasMoreDestinations: false,
    },
  }
})

const describeSource = ({ source, createdAt }: DeliveryStream): object =>
  source === undefined
    ? {}
    : {
        Source: {
          KinesisStreamSourceDescription: {
            KinesisStreamARN: source.streamArn,
            RoleARN: source.roleArn,
            DeliveryStartTimestamp: new WireTimestamp(createdAt),
          },
        },
      }

/** AWS describes an S3 destination twice: as it was before there were processors, and extended. */
const describeDestination = ({ destination, processor }: DeliveryStream): object => {
  const s3 = {
    RoleARN: destination.roleArn,
    BucketARN: destination.bucketArn,
    Prefix: destination.prefix,
    BufferingHints: destination.buffering,
    CompressionFormat: destination.compression,
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { Enabled: false },
  }
  const Processors = processor ? [{ Type: 'Lambda', Parameters: processor.parameters }] : []
  return {
    DestinationId: 'destinationId-000000000001',
    S3DestinationDescription: s3,
    ExtendedS3DestinationDescription: {
      ...s3,
      ProcessingConfiguration: { Enabled: processor !== undefined, Processors },
      S3BackupMode: 'Disabled',
    },
  }
}
