import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readCommandLine } from '../../../infra/cli/command.ts'
import { findInstance, instanceFlags } from '../../../infra/cli/instance.ts'
import { findStack } from '../../../infra/cli/stack.ts'
import { signedIn } from './a-stack.ts'
import { openCloudFormation } from './cloudformation-server.ts'

const outputs = {
  SiteUrl: 'https://votes.example.com',
  TableName: 'show-CountsTable-1',
  StreamName: 'show-VotesStream-2',
  ArchiveBucket: 'show-archive-3',
}

beforeEach(() => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_DEFAULT_REGION'])
    vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries(signedIn)) vi.stubEnv(name, value)
})
afterEach(() => vi.unstubAllEnvs())

const open = async (stacks: Parameters<typeof openCloudFormation>[0]) => {
  const server = await openCloudFormation(stacks)
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', server.url)
  return server
}

const find = (...args: string[]) => findInstance(readCommandLine(args, instanceFlags), process.env)

it('an instance on AWS has the names that its stack put out, beside others', async () => {
  await open({ show: { ...outputs, FrontDoorCollectorKeyId: 'key' } })
  expect(await find('--aws', '--stack', 'show')).toEqual({
    awsEndpoint: undefined,
    client: {},
    url: 'https://votes.example.com',
    tableName: 'show-CountsTable-1',
    streamName: 'show-VotesStream-2',
    archiveBucket: 'show-archive-3',
  })
})

it('a stack that is not named is placar', async () => {
  const { asked } = await open({ placar: outputs })
  await find('--aws')
  expect(asked).toEqual(['placar'])
})

it('an endpoint has the embedded names, and no stack is looked for', async () => {
  const { asked } = await open({ placar: outputs })
  const found = { tableName: 'placar-counts', streamName: 'placar-votes', archiveBucket: undefined }
  expect(await find('--endpoint-url', 'http://127.0.0.1:9')).toMatchObject(found)
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9')
  expect(await find()).toMatchObject(found)
  expect(asked).toEqual([])
})

it.each([
  [['--aws', '--endpoint-url', 'http://127.0.0.1:9'], '--endpoint-url another endpoint; leave out one'],
  [['--stack', 'show'], '--stack is the name of a stack on AWS; say --aws as well.'],
])('%j is refused', async (args, message) => {
  await expect(find(...args)).rejects.toThrow(message)
})

it.each(['nonsense', 'localhost:4566', 'ftp://127.0.0.1'])('the endpoint %s is refused', async (endpoint) => {
  await expect(find('--endpoint-url', endpoint)).rejects.toThrow(
    `--endpoint-url must be the AWS endpoint's URL (on a laptop http://127.0.0.1:4566), not "${endpoint}".`,
  )
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint)
  await expect(find()).rejects.toThrow("AWS_ENDPOINT_URL must be the AWS endpoint's URL")
})

it('--aws is refused where AWS_ENDPOINT_URL would lead it elsewhere', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9')
  await expect(find('--aws')).rejects.toThrow('AWS_ENDPOINT_URL is set to http://127.0.0.1:9; unset it')
})

it('a stack that is not there is told with the Region that was asked', async () => {
  await open({})
  await expect(findStack('show')).rejects.toThrow(
    'There is no stack show in sa-east-1. --stack names another one, AWS_REGION another Region; npm run deploy makes one.',
  )
})

it('outputs that are missing are named', async () => {
  const { TableName, ArchiveBucket } = outputs
  await open({ show: { TableName, ArchiveBucket } })
  await expect(findStack('show')).rejects.toThrow(
    'The stack show (CREATE_COMPLETE) has no output SiteUrl, StreamName: it is not deployed whole',
  )
})

it.each([
  [
    'AccessDenied',
    403,
    'User: arn:aws:iam::1:user/ana is not authorized',
    'they need cloudformation:DescribeStacks. AWS says: User: arn:aws:iam::1:user/ana is not authorized',
  ],
  [
    'ExpiredToken',
    403,
    'The security token included in the request is expired',
    'AWS does not take your credentials: The security token included in the request is expired',
  ],
  ['InvalidClientTokenId', 403, 'The security token is invalid', 'AWS does not take your credentials: '],
  ['ValidationError', 400, '1 validation error detected', 'cannot be read: 1 validation error detected'],
])('%s is told in one line', async (code, status, message, told) => {
  await open({ show: { code, status, message } })
  const error = await findStack('show').catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'StackError', message: expect.stringContaining(told) })
  expect((error as Error).message).not.toContain('\n')
})

it('credentials that are not there are told', async () => {
  await open({ show: outputs })
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined)
  await expect(findStack('show')).rejects.toThrow(
    /^There are no AWS credentials to ask with: .*\w\. Sign in, or choose a profile with AWS_PROFILE\.$/,
  )
})

it('a Region that is not set is told', async () => {
  vi.stubEnv('AWS_REGION', undefined)
  await expect(findStack('show')).rejects.toThrow(
    'Set AWS_REGION, or AWS_PROFILE to a profile with a Region.',
  )
})
