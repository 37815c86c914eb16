import type { Field } from '../../aws/validation/shape.ts'

/** Fields of Firehose's input, with the bounds of AWS's service model (Firehose_20150804). */
export const deliveryStreamName = {
  type: 'string',
  required: true,
  pattern: '[a-zA-Z0-9_.-]+',
  minLength: 1,
  maxLength: 64,
} as const satisfies Field

export const deliveryStreamType = {
  type: 'string',
  oneOf: ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'],
} as const satisfies Field

const roleArn = {
  type: 'string',
  required: true,
  pattern: 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
  minLength: 1,
  maxLength: 512,
} as const satisfies Field

export const kinesisStreamSourceConfiguration = {
  type: 'structure',
  members: {
    KinesisStreamARN: {
      type: 'string',
      required: true,
      pattern: 'arn:.*:kinesis:[a-zA-Z0-9\\-]+:\\d{12}:stream/[a-zA-Z0-9_.-]+',
      minLength: 1,
      maxLength: 512,
    },
    RoleARN: roleArn,
  },
} as const satisfies Field

const s3Members = {
  RoleARN: roleArn,
  BucketARN: {
    type: 'string',
    required: true,
    pattern: 'arn:.*:s3:::[\\w\\.\\-]{1,255}',
    minLength: 1,
    maxLength: 2048,
  },
  Prefix: { type: 'string', maxLength: 1024 },
  BufferingHints: {
    type: 'structure',
    members: {
      SizeInMBs: { type: 'integer', min: 1, max: 128 },
      IntervalInSeconds: { type: 'integer', min: 0, max: 900 },
    },
  },
  CompressionFormat: {
    type: 'string',
    oneOf: ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'],
  },
} as const satisfies { [name: string]: Field }

export const s3DestinationConfiguration = {
  type: 'structure',
  members: s3Members,
} as const satisfies Field

const processor = {
  type: 'structure',
  members: {
    // AWS knows more types and parameters; `definition.ts` says that they are not here.
    Type: { type: 'string', required: true },
    Parameters: {
      type: 'list',
      member: {
        type: 'structure',
        members: {
          ParameterName: { type: 'string', required: true },
          ParameterValue: { type: 'string', required: true, minLength: 1, maxLength: 5120 },
        },
      },
    },
  },
} as const satisfies Field

export const extendedS3DestinationConfiguration = {
  type: 'structure',
  members: {
    ...s3Members,
    ProcessingConfiguration: {
      type: 'structure',
      members: { Enabled: { type: 'boolean' }, Processors: { type: 'list', member: processor } },
    },
  },
} as const satisfies Field

/** 1,000 KiB before base64. */
const maxRecordBytes = 1_024_000

export const recordMembers = {
  Data: { type: 'blob', required: true, maxLength: maxRecordBytes },
} as const satisfies { [name: string]: Field }
