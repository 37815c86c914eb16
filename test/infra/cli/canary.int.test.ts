import { spawn } from 'node:child_process'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canaryPoll } from '../../../infra/cli/canary/poll.ts'
import { castAndWait } from '../../../infra/cli/canary/vote.ts'
import { openEndpoint } from '../../../infra/local/aws/endpoint.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'

const command = join(import.meta.dirname, '../../../infra/cli/canary.ts')

const canary = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const { AWS_ENDPOINT_URL: _, ...env } = process.env
    const child = spawn(process.execPath, [command, ...args], { env })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })

type Front = {
  status?: string
  /** How a vote is answered, and whether it is counted then. */
  answer?: { status: number; body: unknown }
  counts?: boolean
}

/** Placar's doors as the canary uses them, with the poll `canary`. @returns its address and how many votes came */
const front = async ({ status = 'open', answer = accepted, counts = true }: Front = {}) => {
  let votes = 0
  const scoreboard = () => ({
    poll: { id: 'canary' },
    status,
    options: [{ id: 'counted', votes: 41 + (counts ? votes : 0) }],
    rejected: { closed: 2 },
    freshness: { behindMs: 7_000 },
  })
  const listener: RequestListener = (request, response) => {
    const isVote = request.method === 'POST' && request.url === '/polls/canary/votes'
    const isRead = request.url === '/polls/canary/scoreboard'
    if (isVote) votes += 1
    const [code, body] = isVote
      ? [answer.status, answer.body]
      : isRead
        ? [200, scoreboard()]
        : [404, { error: 'unknown_poll' }]
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, votes: () => votes }
}

const accepted = { status: 202, body: { accepted: 1, receipt: { shardId: 'shard-7', sequenceNumber: '49' } } }

/** Casts the canary's vote. @returns what was said */
const cast = async (url: string, timeoutMs = 10_000): Promise<string> => {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const instance = () => Promise.reject(new Error('The poll is there.'))
  const poll = await canaryPoll({ url, id: 'canary', instance, say })
  await castAndWait({ url, poll, timeoutMs, say })
  return said.join('\n')
}

test('a vote that the scoreboard shows is told with both latencies', async () => {
  const { url, votes } = await front()
  expect(await cast(url)).toMatch(
    /^Accepted in [\d,]+ ms: shard-7:49\nCounted in [\d,]+ ms: the scoreboard shows 42 for counted/,
  )
  expect(votes()).toBe(1)
})

test('a vote that is never counted fails with what the scoreboard shows', async () => {
  const { url } = await front({ counts: false })
  await expect(cast(url, 1)).rejects.toThrow(
    'The vote was accepted (shard-7:49) and is not counted after 0.001 s: the scoreboard shows 41 for counted, ' +
      '2 rejected as closed, counting 7,000 ms behind, expected 42.',
  )
})

test('a vote that is refused fails with the answer', async () => {
  const { url } = await front({ answer: { status: 429, body: { error: 'throttled' } } })
  await expect(cast(url)).rejects.toThrow(
    `POST ${url}/polls/canary/votes was answered 429, expected 202: {"error":"throttled"}`,
  )
})

test.each(['scheduled', 'closing', 'final'])('no vote goes into a poll that is %s', async (status) => {
  const { url, votes } = await front({ status })
  await expect(cast(url)).rejects.toThrow(`The poll canary is ${status}`)
  expect(votes()).toBe(0)
})

test('the AWS endpoint is not taken for the site', async () => {
  const endpoint = await openEndpoint({ port: 0, services: [], log: () => {} })
  onTestFinished(() => endpoint.close())
  await expect(cast(endpoint.url)).rejects.toThrow(`${endpoint.url} looks like the AWS endpoint`)
})

test('the command ends with 0 when its vote is counted', async () => {
  const { url } = await front()
  expect(await canary('--url', `${url}/`)).toMatchObject({ code: 0, stderr: '' })
})

test('the command ends with 1 and one line when its vote is not counted', async () => {
  const { url } = await front({ counts: false })
  const { code, stderr } = await canary('--url', url, '--timeout-seconds', '1')
  expect(stderr).toMatch(/^The vote was accepted .* expected 42\.\n$/)
  expect(code).toBe(1)
})

test('a poll that is not there needs an instance to create it in', async () => {
  const { url } = await front()
  const folder = await temporaryFolder()
  const { code, stderr } = await canary('--url', url, '--poll', 'other', '--data-dir', folder)
  expect(stderr).toMatch(/^No Placar has run in /)
  expect(code).toBe(1)
})

test.each([
  [['--url', 'votes.example.com'], /^--url must be an address such as/],
  [['--url', 'http://127.0.0.1:9', '--timeout-seconds', 'soon'], /^--timeout-seconds must be a whole number/],
  [['now'], /^now is not expected here/],
  [['--url', 'http://127.0.0.1:9'], /127\.0\.0\.1:9/],
])('%j ends with 1 and one line', async (args, message) => {
  const { code, stderr } = await canary(...args)
  expect(stderr).toMatch(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(code).toBe(1)
})

test('--help tells the flags and casts nothing', async () => {
  const { code, stdout } = await canary('--help')
  expect(stdout).toMatch(/^ {2}--timeout-seconds N /m)
  expect(code).toBe(0)
})
