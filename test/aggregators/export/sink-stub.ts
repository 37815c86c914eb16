/** A request as the SDK sent it. */
export type Sent = { target: string; body: string }

export type StubAnswer = { status: number; body: object }

type Handled = { response: { statusCode: number; headers: Record<string, string>; body: Uint8Array } }

/**
 * Stands in for the network below a real SDK client: whatever the client would send is recorded as it is, and `answer`
 * says what comes back; what it throws is a connection that broke.
 */
export const stubHandler = (answer: (sent: Sent) => StubAnswer | Promise<StubAnswer>) => {
  const sent: Sent[] = []
  const handle = async (request: { headers: Record<string, string>; body: Uint8Array }): Promise<Handled> => {
    const one = {
      target: request.headers['x-amz-target'] ?? '',
      body: new TextDecoder().decode(request.body),
    }
    sent.push(one)
    const { status, body } = await answer(one)
    return {
      response: {
        statusCode: status,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: Buffer.from(JSON.stringify(body)),
      },
    }
  }
  return { sent, requestHandler: { handle } }
}

export const stubClient = {
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
}
