import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import { toLedgerItem } from '../../../aggregators/ledger-item.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import { aLedger, shardId } from '../../aggregators/arrivals.ts'
import { tableName } from '../local/open-count-table.ts'
import { aStack, openStackStream } from './a-stack.ts'

const commands = join(import.meta.dirname, '../../../infra/cli')

/** Runs a command with `--aws --stack show`. @returns what it printed; throws with what it said when it fails */
const run = async (environment: Record<string, string>, name: string, ...args: string[]): Promise<string> => {
  const file = [join(commands, `${name}.ts`), ...args, '--aws', '--stack', 'show']
  const { stdout } = await promisify(execFile)(process.execPath, file, { env: environment })
  return stdout
}

/** The front of a stack: its scoreboards know the polls of its table, and show every vote at once. */
const openFront = async (client: () => DynamoDBClient): Promise<{ url: string; votes: () => number }> => {
  let votes = 0
  const server = createServer(async (request, response) => {
    const [, , id = ''] = (request.url ?? '').split('/')
    const poll = await pollStore(client(), tableName).readPoll(id)
    const options = poll?.options.map((option) => ({ ...option, votes }))
    const board = { poll: { id }, status: 'open', options, rejected: {}, freshness: { behindMs: null } }
    if (request.method === 'POST') votes += 1
    const receipt = { shardId, sequenceNumber: '49' }
    const [status, body] =
      request.method === 'POST'
        ? [202, { accepted: 1, receipt }]
        : poll === undefined
          ? [404, { error: 'unknown_poll' }]
          : [200, board]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, votes: () => votes }
}

test("a poll is created and listed in the stack's table, and closed through the stack's stream", async () => {
  const { client, environment } = await aStack()
  const env = { ...environment, AWS_ENDPOINT_URL_KINESIS: await openStackStream() }
  const created = await run(
    env,
    ...['polls', 'create', '--id', 'final', '--title', 'Final', '--option', 'ana=Ana', '--option', 'bia=Bia'],
  )
  expect(created).toContain('POST https://votes.example.com/polls/final/votes')
  expect(await run(env, 'polls', 'list')).toContain('final')

  // As the aggregator leaves the ledger once the marker has passed.
  const passed = { counts: { ana: 3 }, rejected: {}, passed: true, lastArrival: null }
  const ledger = aLedger({ revision: 1, entries: { final: passed } })
  await client.send(new PutItemCommand({ TableName: tableName, Item: toLedgerItem(ledger) }))

  await run(env, 'polls', 'close', '--id', 'final')
  expect(await pollStore(client, tableName).readPoll('final')).toMatchObject({
    shards: [shardId],
    result: { counts: { ana: 3 } },
  })
})

test("the canary makes its poll in the stack's table, and votes at the stack's address", async () => {
  const front = await openFront(() => client)
  const { client, environment } = await aStack({ SiteUrl: front.url })
  expect(await run(environment, 'canary')).toMatch(/^Created the poll canary\.\nAccepted in .*\nCounted in /)
  expect(front.votes()).toBe(1)
})

test('steady, which speaks no HTTPS, says so before it makes a poll', async () => {
  const { client, environment } = await aStack()
  await expect(run(environment, 'load', 'steady')).rejects.toThrow(
    'The volley generator speaks plain HTTP only; a scenario with --generator artillery can reach https://votes.example.com.',
  )
  expect((await pollStore(client, tableName).readPolls()).size).toBe(0)
})
