import { Agent, request } from 'node:http'

/** What became of a request: its status, or `lost` when no answer came. */
export type Answer = { status: number; body: string } | 'lost'

/** A crowd that posts over a fixed number of keep-alive connections. */
export type Voters = {
  post(path: string, body: string, headers?: Record<string, string>): Promise<Answer>
  leave(): void
}

export const voters = (url: string, connections: number): Voters => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(url)
  return {
    post: (path, body, headers = {}) =>
      new Promise((resolve) => {
        const sent = request(
          {
            agent,
            host: hostname,
            port,
            method: 'POST',
            path,
            headers: {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
              ...headers,
            },
          },
          (response) => {
            let text = ''
            response.on('data', (chunk) => {
              text += chunk
            })
            response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
            response.on('error', () => resolve('lost'))
          },
        )
        sent.on('error', () => resolve('lost'))
        sent.end(body)
      }),
    leave: () => agent.destroy(),
  }
}
