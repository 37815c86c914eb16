import type { SealedPart } from '../part.ts'

/** Somewhere that sealed parts are sent. Sending a part twice is harmless everywhere. */
export type WindowSink = {
  name: string
  /**
   * Sends parts; those of one shard come in the order of its chain.
   *
   * @returns the parts that were taken: per shard always a beginning of what was given, so that order holds
   * @throws when none was, with what stood in the way
   */
  send(parts: readonly SealedPart[]): Promise<SealedPart[]>
}
