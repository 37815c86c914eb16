import type { Kinesis } from '../kinesis.ts'
import type { Turns } from '../turns.ts'
import type { Tokens } from './token.ts'

/** What every action gets beside its input. */
export type KinesisContext = {
  engine: Kinesis
  /** Epoch ms. */
  now(): number
  tokens: Tokens
  /** For changes to the set of streams and to their shards. */
  inTurn: Turns
  log(message: string, error: unknown): void
}
