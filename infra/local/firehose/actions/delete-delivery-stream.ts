import { action } from '../../aws/rpc-service.ts'
import { isRefusal } from '../../aws/service.ts'
import type { FirehoseContext } from './context.ts'
import { deliveryStreamName } from './fields.ts'
import { findDeliveryStream } from './find-delivery-stream.ts'

const input = {
  DeliveryStreamName: deliveryStreamName,
  // There are no key grants here that could stand in the way.
  AllowForceDelete: { type: 'boolean' },
} as const

/** Deletes a delivery stream with what it has not delivered. It is gone with the answer; on AWS it is DELETING for a while. */
export const deleteDeliveryStream = action(input, (context: FirehoseContext, { DeliveryStreamName }) =>
  context.inTurn(async () => {
    const found = findDeliveryStream(context, DeliveryStreamName)
    if (isRefusal(found)) return found
    await context.engine.deleteDeliveryStream(found.name)
    return {}
  }),
)
