import { resolve } from 'node:path'
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { pipeline } from '../config.ts'
import { readRunFile } from '../local/data-folder.ts'
import { localClient } from '../local/handler-environment.ts'
import { defaultStackName } from '../stack-outputs.ts'
import { type CommandLine, type Flags, UsageError } from './command.ts'
import { findStack } from './stack.ts'

/** The flags by which every command finds its instance. */
export const instanceFlags = {
  'endpoint-url': { value: 'URL', says: 'the AWS endpoint of the instance' },
  'data-dir': { value: 'FOLDER', says: 'the data folder of the instance', default: '.placar' },
  aws: { says: 'a stack on AWS itself, with your own credentials and Region' },
  stack: { value: 'NAME', says: 'with --aws: the name of the stack', default: defaultStackName },
} as const satisfies Flags

/** Where a command works. */
export type Instance = {
  /** `undefined`: AWS itself. */
  awsEndpoint: string | undefined
  /** The data folder that named the endpoint. */
  dataFolder: string | undefined
  /** Where it takes votes, without a slash at its end; of an endpoint alone it is not known. */
  url: string | undefined
  client: DynamoDBClientConfig
  tableName: string
  streamName: string
  /** Of a stack on AWS; the archive of a local instance lies in its data folder. */
  archiveBucket: string | undefined
}

/** No instance was found; the message says how to name one. */
export class InstanceError extends Error {
  override name = 'InstanceError'
}

/**
 * Finds the instance: `--endpoint-url`, then `AWS_ENDPOINT_URL`, then the one that runs in the data folder; a stack on AWS
 * itself only with `--aws`. Throws `InstanceError` or `StackError` when there is none, `UsageError` when two are named.
 */
export const findInstance = async (
  line: CommandLine,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Instance> => {
  expectOneInstance(line)
  if (line.on('aws')) return onAws(line, environment)
  const folder = resolve(line.text('data-dir') ?? '.placar')
  const run = await readRunFile(folder)
  const awsEndpoint = line.text('endpoint-url') ?? environment.AWS_ENDPOINT_URL ?? run?.awsEndpoint
  if (awsEndpoint === undefined)
    throw new InstanceError(
      `No Placar has run in ${folder}. Start one with npm start, or name one with --data-dir, --endpoint-url or --aws.`,
    )
  expectUrl(awsEndpoint, line.said('endpoint-url') ? '--endpoint-url' : 'AWS_ENDPOINT_URL')
  const isOfFolder = awsEndpoint === run?.awsEndpoint
  const { tableName, streamName } = pipeline
  return {
    awsEndpoint,
    dataFolder: isOfFolder ? folder : undefined,
    url: isOfFolder ? run.url : undefined,
    client: localClient(awsEndpoint),
    tableName,
    streamName,
    archiveBucket: undefined,
  }
}

const expectUrl = (endpoint: string, name: string): void => {
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new UsageError(`${name} must be ${endpointWanted}, not ${JSON.stringify(endpoint)}.`)
}

const endpointWanted = "the AWS endpoint's URL (on a laptop http://127.0.0.1:4566)"

/** Throws `UsageError` when flags name two instances, or a stack that is not looked for. */
export const expectOneInstance = (line: CommandLine): void => {
  if (line.said('stack') && !line.on('aws'))
    throw new UsageError('--stack is the name of a stack on AWS; say --aws as well.')
  if (line.said('endpoint-url') && line.on('aws'))
    throw new UsageError('--aws is AWS itself and --endpoint-url another endpoint; leave out one of them.')
}

/** Nobody who set another endpoint and forgot it is to work on that one, believing it to be AWS. */
const onAws = async (
  line: CommandLine,
  { AWS_ENDPOINT_URL }: Readonly<Record<string, string | undefined>>,
): Promise<Instance> => {
  if (AWS_ENDPOINT_URL)
    throw new UsageError(
      `--aws is AWS itself, but AWS_ENDPOINT_URL is set to ${AWS_ENDPOINT_URL}; unset it, or leave out --aws.`,
    )
  return {
    awsEndpoint: undefined,
    dataFolder: undefined,
    client: {},
    ...(await findStack(line.needed('stack'))),
  }
}

/** A client of the instance's count store. */
export const countTableClient = ({ client }: Instance): DynamoDBClient =>
  new DynamoDBClient({
    ...client,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  })

/**
 * Says in one line that nothing answers at the instance's endpoint, or something else than AWS does, or AWS forbids what
 * was asked, where that is what went wrong.
 *
 * @param otherwise what helps besides a start
 */
export const explainUnreachable = (error: unknown, instance: Instance, otherwise = ''): unknown => {
  const { awsEndpoint } = instance
  const { code, name, message, $metadata } = error as NodeJS.ErrnoException & {
    $metadata?: { httpStatusCode?: number }
  }
  if (name === 'AccessDeniedException')
    return new InstanceError(`Your credentials may not do this: ${message}`)
  if (awsEndpoint === undefined) return error
  // DynamoDB takes every request with POST; the site does not.
  if ($metadata?.httpStatusCode === 405)
    return new InstanceError(
      `${awsEndpoint} is not an AWS endpoint: it takes no POST. --endpoint-url must be ${endpointWanted}.`,
    )
  if (code !== 'ECONNREFUSED' && code !== 'ECONNRESET') return error
  return new InstanceError(
    `Nothing answers at ${awsEndpoint}. Is Placar running? Start it with ${startOf(instance)}${otherwise}.`,
  )
}

const startOf = ({ dataFolder }: Instance): string =>
  dataFolder === undefined || dataFolder === resolve('.placar')
    ? 'npm start'
    : `npm start -- --data-dir ${dataFolder}`
