import { type Refusal, refusal } from '../../aws/service.ts'
import { accountId } from '../../kinesis/stream.ts'
import type { DeliveryStream } from '../running-delivery-stream.ts'
import type { FirehoseContext } from './context.ts'

export const findDeliveryStream = ({ engine }: FirehoseContext, name: string): DeliveryStream | Refusal =>
  engine.deliveryStream(name) ??
  refusal('ResourceNotFoundException', `Firehose ${name} under account ${accountId} not found.`)
