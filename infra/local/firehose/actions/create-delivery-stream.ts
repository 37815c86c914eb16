import { action } from '../../aws/rpc-service.ts'
import { refusal } from '../../aws/service.ts'
import { accountId } from '../../kinesis/stream.ts'
import type { FirehoseContext } from './context.ts'
import { readDefinition } from './definition.ts'
import {
  deliveryStreamName,
  deliveryStreamType,
  extendedS3DestinationConfiguration,
  kinesisStreamSourceConfiguration,
  s3DestinationConfiguration,
} from './fields.ts'

/** AWS's default quota in the text that was read (newer ones may say more); here each one is a loop and, with DirectPut, a log. */
const maxDeliveryStreams = 50

const input = {
  DeliveryStreamName: deliveryStreamName,
  DeliveryStreamType: deliveryStreamType,
  KinesisStreamSourceConfiguration: kinesisStreamSourceConfiguration,
  S3DestinationConfiguration: s3DestinationConfiguration,
  ExtendedS3DestinationConfiguration: extendedS3DestinationConfiguration,
} as const

/** Makes a delivery stream to S3. It is ACTIVE with the answer; on AWS it is CREATING for up to a minute. */
export const createDeliveryStream = action(input, (context: FirehoseContext, wanted) =>
  context.inTurn(async () => {
    const { engine } = context
    const name = wanted.DeliveryStreamName
    const definition = readDefinition(wanted)
    if ('wrong' in definition) return refusal('InvalidArgumentException', definition.wrong)
    const missing = engine.missing(definition)
    if (missing !== undefined) return refusal('InvalidArgumentException', `${missing} does not exist here.`)
    if (engine.deliveryStream(name) !== undefined)
      return refusal('ResourceInUseException', `Firehose ${name} under accountId ${accountId} already exists`)
    if (engine.deliveryStreams().length >= maxDeliveryStreams)
      return refusal('LimitExceededException', `There are ${maxDeliveryStreams} delivery streams already.`)
    const { arn } = await engine.createDeliveryStream(definition)
    return { DeliveryStreamARN: arn }
  }),
)
