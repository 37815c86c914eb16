import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { instanceSide } from '../../../infra/cli/audit/instance-side.ts'
import { readCommandLine } from '../../../infra/cli/command.ts'
import {
  countTableClient,
  explainUnreachable,
  findInstance,
  instanceFlags,
} from '../../../infra/cli/instance.ts'
import { openDataFolder } from '../../../infra/local/data-folder.ts'
import { refusal } from '../../../ingest/errors.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'

beforeEach(() => void vi.stubEnv('AWS_ENDPOINT_URL', undefined))
afterEach(() => vi.unstubAllEnvs())

/** Lists the polls of the instance that is named. @returns what the user is told of the failure */
const told = async (...args: string[]): Promise<unknown> => {
  const instance = await findInstance(readCommandLine(args, instanceFlags), process.env)
  const client = countTableClient(instance)
  onTestFinished(() => client.destroy())
  const failure = await pollStore(client, instance.tableName)
    .readPolls()
    .catch((error: unknown) => error)
  return explainUnreachable(failure, instance)
}

/** A data folder whose Placar was stopped. */
const stoppedFolder = async (): Promise<string> => {
  const path = join(await temporaryFolder(), 'data')
  const folder = await openDataFolder(path)
  await folder.announce({
    pid: process.pid,
    url: 'http://127.0.0.1:9',
    awsEndpoint: 'http://127.0.0.1:9',
    startedAt: '',
  })
  folder.close()
  return path
}

it('an endpoint that is the address of the site is told in one line', async () => {
  const server = createServer((_, response) =>
    response
      .writeHead(405, { 'content-type': 'application/json' })
      .end(JSON.stringify(refusal('method_not_allowed', '/ takes GET, HEAD, not POST.'))),
  ).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await told('--endpoint-url', url)).toMatchObject({
    name: 'InstanceError',
    message: `${url} is not an AWS endpoint: it takes no POST. --endpoint-url must be the AWS endpoint's URL (on a laptop http://127.0.0.1:4566).`,
  })
})

it('an instance that was stopped is told with the start of its own folder', async () => {
  const folder = await stoppedFolder()
  expect(await told('--data-dir', folder)).toMatchObject({
    name: 'InstanceError',
    message: `Nothing answers at http://127.0.0.1:9. Is Placar running? Start it with npm start -- --data-dir ${folder}.`,
  })
})

it('the audit of an instance that was stopped may read its folder alone', async () => {
  const folder = await stoppedFolder()
  const flags = { from: { value: 'PLACE', says: '' }, ...instanceFlags }
  const line = readCommandLine(['--data-dir', folder], flags)
  await expect(instanceSide(line, 'final', true)).rejects.toThrow(
    `npm start -- --data-dir ${folder}, or read the folder alone with --from ${folder}.`,
  )
})
