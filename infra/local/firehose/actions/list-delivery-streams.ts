import { action } from '../../aws/rpc-service.ts'
import type { FirehoseContext } from './context.ts'
import { deliveryStreamName, deliveryStreamType } from './fields.ts'

/** How many names a page has unless more are asked for. */
const defaultLimit = 10

const { required: _required, ...startName } = deliveryStreamName

const input = {
  Limit: { type: 'integer', min: 1, max: 10_000 },
  DeliveryStreamType: deliveryStreamType,
  ExclusiveStartDeliveryStreamName: startName,
} as const

export const listDeliveryStreams = action(input, ({ engine }: FirehoseContext, wanted) => {
  const { ExclusiveStartDeliveryStreamName: after = '', DeliveryStreamType: type } = wanted
  const names = engine
    .deliveryStreams()
    .filter(({ name }) => name > after)
    .filter(({ source }) => !type || type === (source ? 'KinesisStreamAsSource' : 'DirectPut'))
    .map(({ name }) => name)
  const page = names.slice(0, wanted.Limit ?? defaultLimit)
  return { DeliveryStreamNames: page, HasMoreDeliveryStreams: page.length < names.length }
})
