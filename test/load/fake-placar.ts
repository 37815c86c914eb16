import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Address } from '../../load/volley/connection.ts'

/** What becomes of a vote request: counted and answered, or one of the ways in which a server can go wrong. */
export type Fate =
  | 'counted'
  | 'counted twice'
  | 'forgotten'
  | 'throttled'
  /** Counted, though it is answered 503. */
  | 'unavailable'
  /** Neither counted nor ever answered. */
  | 'held'
  /** Counted, but the connection ends in the middle of the answer. */
  | 'cut off'

export type FakePlacar = {
  url: string
  address: Address
  /** Every vote request, as `path body`, in the order of arrival. */
  requests: string[]
  close(): Promise<void>
}

type Request = { path: string; body: string }

/**
 * The doors of Placar that a load scenario uses, on an ephemeral port, counting for real and at once.
 *
 * @param fateOf decides what becomes of the n-th vote request (from 0)
 */
export const fakePlacar = async (
  options: readonly string[],
  fateOf: (n: number, request: Request) => Fate = () => 'counted',
): Promise<FakePlacar> => {
  const poll = 'final'
  const requests: string[] = []
  const counts = Object.fromEntries(options.map((option) => [option, 0]))
  const rejected = { unknown_option: 0, unknown_poll: 0 }

  const countVote = (path: string, option: string): void => {
    if (!path.startsWith(`/polls/${poll}/`)) rejected.unknown_poll += 1
    else if (counts[option] === undefined) rejected.unknown_option += 1
    else counts[option] += 1
  }
  const takeVotes = ({ path, body }: Request, response: ServerResponse): void => {
    const fate = fateOf(requests.push(`${path} ${body}`) - 1, { path, body })
    const parsed = JSON.parse(body) as { option?: string; votes?: { option: string }[] }
    const votes = parsed.votes ?? [{ option: parsed.option ?? '' }]
    const times = {
      counted: 1,
      'counted twice': 2,
      'cut off': 1,
      unavailable: 1,
      forgotten: 0,
      held: 0,
      throttled: 0,
    }[fate]
    for (let time = 0; time < times; time++) for (const { option } of votes) countVote(path, option)
    if (fate === 'held') return
    if (fate === 'cut off') {
      response.writeHead(202, { 'content-length': 100 }).write('{"accep', () => response.destroy())
      return
    }
    if (fate === 'unavailable') send(response, 503, { error: 'unavailable', message: 'The disk.' })
    else if (fate === 'throttled') send(response, 429, { error: 'throttled', message: 'Later.' })
    else send(response, 202, { accepted: votes.length })
  }

  const onPoll = () => Object.values(counts).reduce((a, b) => a + b, 0)
  const reads: Record<string, () => unknown> = {
    '/polls': () => ({ polls: [{ id: poll, options: options.map((id) => ({ id, label: id })) }] }),
    [`/polls/${poll}/scoreboard`]: () => ({
      counted: onPoll(),
      rejected: rejected.unknown_option > 0 ? { unknown_option: rejected.unknown_option } : {},
      options: options.map((id) => ({ id, label: id, votes: counts[id], share: 0 })),
    }),
    '/stats': () => ({
      counted: onPoll(),
      rejected,
      latency: { acceptedToCounted: { buckets: onPoll() === 0 ? [] : [{ upTo: 12, count: onPoll() }] } },
    }),
  }

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    if (request.method === 'POST') void bodyOf(request).then((body) => takeVotes({ path, body }, response))
    else {
      const read = reads[path]
      if (read === undefined) send(response, 404, { error: 'not_found', message: path })
      else send(response, 200, read())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    address: { host: '127.0.0.1', port, basePath: '' },
    requests,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
