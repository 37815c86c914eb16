import { accountId, streamArn } from '../kinesis/stream.ts'
import { functionArn } from '../lambda/handler-modules.ts'
import type { DeliveryStreamDefinition } from './delivery-stream.ts'
import type { Firehose } from './firehose.ts'
import type { DeliveryStream } from './running-delivery-stream.ts'

/** A delivery stream as the composition root thinks of it: names instead of ARNs. */
export type WantedDeliveryStream = {
  name: string
  bucket: string
  prefix: string
  /** The Kinesis stream it reads; without one, records are put to it. */
  sourceStream?: string
  /** The function that transforms its records. */
  transformer?: string
}

/** The delivery stream of that name if there is one, as it is; otherwise a new one, compressed with gzip. */
export const ensureDeliveryStream = async (
  firehose: Firehose,
  wanted: WantedDeliveryStream,
): Promise<DeliveryStream> =>
  firehose.deliveryStream(wanted.name) ?? (await firehose.createDeliveryStream(definitionOf(wanted)))

const roleArn = `arn:aws:iam::${accountId}:role/placar`

const definitionOf = ({
  name,
  bucket,
  prefix,
  sourceStream,
  transformer,
}: WantedDeliveryStream): DeliveryStreamDefinition => ({
  name,
  ...(sourceStream === undefined ? {} : { source: { streamArn: streamArn(sourceStream), roleArn } }),
  ...(transformer === undefined ? {} : { processor: lambdaProcessor(functionArn(transformer)) }),
  destination: {
    bucketArn: `arn:aws:s3:::${bucket}`,
    roleArn,
    prefix,
    compression: 'GZIP',
    buffering: { SizeInMBs: 1, IntervalInSeconds: 1 },
  },
})

const lambdaProcessor = (arn: string): NonNullable<DeliveryStreamDefinition['processor']> => ({
  functionArn: arn,
  parameters: [{ ParameterName: 'LambdaArn', ParameterValue: arn }],
})
