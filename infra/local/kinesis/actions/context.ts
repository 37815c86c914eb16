import type { Kinesis } from '../kinesis.ts'
import type { Tokens } from './token.ts'

/** What every action gets beside its input. */
export type KinesisContext = {
  engine: Kinesis
  /** Epoch ms. */
  now(): number
  tokens: Tokens
  /** Runs changes to the set of streams one after another: each sees what the one before has done. */
  inTurn<Result>(change: () => Promise<Result>): Promise<Result>
  log(message: string, error: unknown): void
}

export const turns = (): KinesisContext['inTurn'] => {
  let last: Promise<unknown> = Promise.resolve()
  return (change) => {
    const result = last.then(change)
    last = result.catch(() => {}) // a change that failed is its caller's; the next one goes on
    return result
  }
}
