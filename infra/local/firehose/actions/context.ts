import type { Turns } from '../../kinesis/turns.ts'
import type { Firehose } from '../firehose.ts'

/** What every action gets beside its input. */
export type FirehoseContext = {
  engine: Firehose
  /** For changes to the set of delivery streams. */
  inTurn: Turns
  log(message: string, error: unknown): void
}
