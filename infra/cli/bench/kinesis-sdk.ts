import { Kinesis, type KinesisClientConfig } from '@aws-sdk/client-kinesis'
import { Pool } from 'undici'

/**
 * The SDK's client for one of the servers. Both are called over HTTP/1.1 with connections that are kept, which is all
 * that kinesalite speaks; a failure is not tried again. Everything else is the SDK's default, but for `signed`.
 */
export const kinesisSdk = (endpoint: string, signed: boolean): Kinesis =>
  new Kinesis({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: undiciHandler(endpoint) as NonNullable<KinesisClientConfig['requestHandler']>,
    ...(signed ? {} : { signer: unsigned }),
  })

/** What the SDK hands on; calls to Kinesis are all of this kind. */
type SdkRequest = { path: string; headers: Record<string, string>; body: string | Uint8Array }

/** Requests through undici, which takes less of the client's time than the SDK's own way through `node:http`. */
const undiciHandler = (endpoint: string) => {
  const pool = new Pool(endpoint)
  return {
    handle: async (request: SdkRequest) => {
      const { path, headers: sent } = request
      const answer = await pool.request({ method: 'POST', path, headers: sent, body: request.body })
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
      )
      const body = new Uint8Array(await answer.body.arrayBuffer())
      return { response: { statusCode: answer.statusCode, headers, body } }
    },
    destroy: () => void pool.destroy(),
  }
}

/** What a signature looks like. Neither server checks more than that, and a real one takes a good part of the client's time. */
const lookalike = {
  'x-amz-date': '20000101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20000101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
}

const unsigned: NonNullable<KinesisClientConfig['signer']> = async () => ({
  sign: async (request) => {
    if ('headers' in request) Object.assign(request.headers, lookalike)
    return request
  },
})
