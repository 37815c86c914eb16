import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

/** What the proxy does with a PutRecordBatch. `partial` passes on every other record only. */
export type Behaviour = 'works' | 'fails' | 'partial' | 'hangs'

/** A proxy before a Firehose endpoint that misbehaves as AWS may: errors, partial failures, no answer at all. */
export type FailingFirehose = {
  url: string
  behave(behaviour: Behaviour): void
  /** Requests that came while it behaved so. */
  met(behaviour: Behaviour): number
  /** The data of every record that Firehose took, in order. */
  taken: string[]
}

type Records = { Data: string }[]

export const failingFirehose = async (target: string): Promise<FailingFirehose> => {
  let behaviour: Behaviour = 'works'
  const met = { works: 0, fails: 0, partial: 0, hangs: 0 }
  const taken: string[] = []

  const forward = async (request: IncomingMessage, input: { Records: Records }): Promise<Response> => {
    const { 'x-amz-target': action, 'content-type': type } = request.headers
    return fetch(target, {
      method: 'POST',
      headers: { 'x-amz-target': String(action), 'content-type': String(type) },
      body: JSON.stringify(input),
    })
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
    const input: { Records: Records } = JSON.parse(text.toString())
    met[behaviour] += 1
    if (behaviour === 'hangs') return
    if (behaviour === 'fails') {
      response.writeHead(500, { 'content-type': 'application/x-amz-json-1.1' })
      response.end('{"__type":"InternalFailure","message":"as the test wants it"}')
      return
    }
    const isTaken = (at: number): boolean => behaviour === 'works' || at % 2 === 1
    const passed = input.Records.filter((_, at) => isTaken(at))
    const answers = passed.length > 0 ? await put(request, { ...input, Records: passed }) : []
    const RequestResponses = input.Records.map((_, at) =>
      isTaken(at)
        ? answers.shift()
        : { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' },
    )
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(
      JSON.stringify({
        FailedPutCount: input.Records.length - passed.length,
        Encrypted: false,
        RequestResponses,
      }),
    )
  }

  const put = async (request: IncomingMessage, input: { Records: Records }): Promise<unknown[]> => {
    const response = await forward(request, input)
    if (!response.ok) throw new Error(`Firehose answered ${response.status}: ${await response.text()}`)
    for (const { Data } of input.Records) taken.push(Buffer.from(Data, 'base64').toString())
    return ((await response.json()) as { RequestResponses: unknown[] }).RequestResponses
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error))
  })
  await new Promise<void>((resume) => server.listen(0, '127.0.0.1', resume))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (next) => {
      behaviour = next
    },
    met: (which) => met[which],
    taken,
  }
}
