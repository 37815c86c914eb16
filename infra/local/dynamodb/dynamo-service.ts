import { Pool } from 'undici'
import type { Service, ServiceAnswer } from '../aws/service.ts'
import { answerTimeToLive, type TimeToLive } from './time-to-live.ts'

/** DynamoDB behind the endpoint. */
export type DynamoService = Service & {
  /** Closes the connections to dynalite, once requests under way are answered. */
  close(): Promise<void>
}

const connections = 64
const answerMs = 60_000

/** dynalite insists on the form of a signature, which nobody checks here. */
const unsigned = {
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=none',
  'x-amz-date': '19700101T000000Z',
}

const passedOn = ['content-type', 'x-amzn-requestid', 'x-amz-crc32', 'date'] as const

/** Passes DynamoDB's requests on to dynalite at `endpoint`, except for time to live, which dynalite does not have. */
export const dynamoService = (endpoint: string): DynamoService => {
  const pool = new Pool(endpoint, { connections, headersTimeout: answerMs, bodyTimeout: answerMs })
  const timeToLive: TimeToLive = new Map()

  const forward = async (
    action: string,
    body: Buffer,
    contentType = 'application/x-amz-json-1.0',
  ): Promise<ServiceAnswer> => {
    const answer = await pool.request({
      method: 'POST',
      path: '/',
      headers: { ...unsigned, 'content-type': contentType, 'x-amz-target': `DynamoDB_20120810.${action}` },
      body,
    })
    const headers: Record<string, string> = {}
    for (const name of passedOn) {
      const value = answer.headers[name]
      if (typeof value === 'string') headers[name] = value
    }
    return { status: answer.statusCode, headers, body: Buffer.from(await answer.body.arrayBuffer()) }
  }

  return {
    prefix: 'DynamoDB_20120810',
    handle: async (action, body, headers) =>
      (await answerTimeToLive(timeToLive, action, body, forward)) ??
      forward(action, body, headers['content-type']),
    close: () => pool.close(),
  }
}
