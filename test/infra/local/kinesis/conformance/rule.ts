import type { Kinesis } from '@aws-sdk/client-kinesis'

/** What Kinesis does, as something that can be tried out on any endpoint that speaks its protocol. */
export type Rule = {
  /** The rule's name. */
  fact: string
  /** AWS's sentence for it, and where it stands; what was only seen says by whom. */
  aws: string
  /** Rejects where the endpoint does otherwise. */
  check(kinesis: RuleClient): Promise<void>
}

/** The SDK's client, and what rules need beside it. */
export type RuleClient = Kinesis & {
  /** A new stream of this many shards, ACTIVE; deleted when the rule has been checked. */
  newStream(shardCount?: number): Promise<string>
  /** A name that no stream has, or this one; a stream that gets it is deleted likewise. */
  newName(name?: string): string
  /** Resolves when the stream is ACTIVE. */
  active(StreamName: string): Promise<void>
  /** A request that the SDK would not send: in JSON, or the body as it is. */
  post(
    action: string,
    input: object | string | Uint8Array<ArrayBuffer>,
    contentType?: string,
  ): Promise<RawAnswer>
}

export type RawAnswer = { status: number; headers: Headers; body: Buffer }

/** Until what an asynchronous operation brings about is there. The test's timeout ends it where it never is. */
export const until = async (isThere: () => Promise<boolean>): Promise<void> => {
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 5))
}
