import { accountId, region } from '../kinesis/stream.ts'

/** What a delivery stream is made of, as AWS's CreateDeliveryStream has it; kept across restarts. */
export type DeliveryStreamDefinition = {
  name: string
  /** The Kinesis stream it reads. Without one, records are put to it (DirectPut). */
  source?: { streamArn: string; roleArn: string }
  /** The Lambda function that transforms the records, one for one. */
  processor?: { functionArn: string; parameters: ProcessorParameter[] }
  destination: Destination
}

/** As given, the function's ARN among them; only that one has a meaning here. */
export type ProcessorParameter = { ParameterName: string; ParameterValue: string }

export type Destination = {
  bucketArn: string
  roleArn: string
  prefix: string
  compression: 'GZIP' | 'UNCOMPRESSED'
  /** Said and kept; locally every delivery stream buffers alike. */
  buffering: { SizeInMBs: number; IntervalInSeconds: number }
}

/** `createdAt` is epoch ms; with the name it tells a delivery stream from an earlier one of the same name. */
export type DeliveryStreamRecord = DeliveryStreamDefinition & { createdAt: number }

export const deliveryStreamArn = (name: string): string =>
  `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`

/** `votes` of `arn:aws:s3:::votes`, of `…:stream/votes`, and of `…:function:votes` with or without a qualifier. */
export const bucketName = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)
export const sourceStreamName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
export const functionName = (arn: string): string => arn.split(':')[6] ?? arn
