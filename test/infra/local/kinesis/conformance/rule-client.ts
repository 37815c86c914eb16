import { randomUUID } from 'node:crypto'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { credentials } from '../../aws/open-endpoint.ts'
import { type RuleClient, until } from './rule.ts'

/** Ends a request that is never answered; as wide as a slow machine may need. */
const answerMs = 10_000

/** Nobody checks it, but kinesalite wants one. */
const authorization = 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=0'

/** A client of an endpoint over HTTP/1.1, which all of them speak, and the deletion of the streams it has made. */
export const ruleClient = (url: string): { client: RuleClient; close(): Promise<void> } => {
  const kinesis = new Kinesis({
    endpoint: url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ requestTimeout: answerMs, throwOnRequestTimeout: true }),
  })
  const names: string[] = []
  const newName = (name = `conformance-${randomUUID()}`): string => {
    names.push(name)
    return name
  }
  const active = (StreamName: string): Promise<void> =>
    until(async () => {
      const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName })
      return StreamDescriptionSummary?.StreamStatus === 'ACTIVE'
    })
  const newStream = async (ShardCount = 1): Promise<string> => {
    const StreamName = newName()
    await kinesis.createStream({ StreamName, ShardCount })
    await active(StreamName)
    return StreamName
  }
  return {
    client: Object.assign(kinesis, { newStream, newName, active, post: postTo(url) }),
    close: async () => {
      // One may be gone already, or still be busy with the rule's last change; the endpoint goes soon anyway.
      await Promise.allSettled(names.map((StreamName) => kinesis.deleteStream({ StreamName })))
      kinesis.destroy()
    },
  }
}

const postTo =
  (url: string): RuleClient['post'] =>
  async (action, input, contentType = 'application/x-amz-json-1.1') => {
    const isBody = typeof input === 'string' || input instanceof Uint8Array
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        'x-amz-target': `Kinesis_20131202.${action}`,
        'x-amz-date': '20260101T000000Z',
        authorization,
      },
      body: isBody ? input : JSON.stringify(input),
      signal: AbortSignal.timeout(answerMs),
    })
    const body = Buffer.from(await answer.arrayBuffer())
    return { status: answer.status, headers: answer.headers, body }
  }
