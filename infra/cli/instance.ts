import { resolve } from 'node:path'
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { readRunFile } from '../local/data-folder.ts'
import { localClient } from '../local/handler-environment.ts'
import type { CommandLine, Flags } from './command.ts'

/** The flags by which every command finds its instance. */
export const instanceFlags = {
  'endpoint-url': { value: 'URL', says: 'the AWS endpoint of the instance' },
  'data-dir': { value: 'FOLDER', says: 'the data folder of the instance', default: '.placar' },
  aws: { says: 'use AWS itself, with your own credentials and region' },
} as const satisfies Flags

/** Where a command works. `url` is known of a local instance only. */
export type Instance = {
  awsEndpoint: string | undefined
  url: string | undefined
  client: DynamoDBClientConfig
}

/** No instance was found; the message says how to name one. */
export class InstanceError extends Error {
  override name = 'InstanceError'
}

/**
 * Finds the instance: `--endpoint-url`, then `AWS_ENDPOINT_URL`, then the one that runs in the data folder; AWS itself
 * only with `--aws`. Throws `InstanceError` when there is none.
 */
export const findInstance = async (
  line: CommandLine,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Instance> => {
  if (line.on('aws')) return { awsEndpoint: undefined, url: undefined, client: {} }
  const folder = resolve(line.text('data-dir') ?? '.placar')
  const run = await readRunFile(folder)
  const awsEndpoint = line.text('endpoint-url') ?? environment.AWS_ENDPOINT_URL ?? run?.awsEndpoint
  if (awsEndpoint === undefined)
    throw new InstanceError(
      `No Placar has run in ${folder}. Start one with npm start, or name one with --data-dir, --endpoint-url or --aws.`,
    )
  const url = awsEndpoint === run?.awsEndpoint ? run.url : undefined
  return { awsEndpoint, url, client: localClient(awsEndpoint) }
}

/** A client of the instance's count store. */
export const countTableClient = ({ client }: Instance): DynamoDBClient =>
  new DynamoDBClient({
    ...client,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  })

/** Says in one line that nothing answers at the instance's endpoint, where that is what went wrong. */
export const explainUnreachable = (error: unknown, { awsEndpoint }: Instance): unknown => {
  const { code } = error as NodeJS.ErrnoException
  if (awsEndpoint === undefined || (code !== 'ECONNREFUSED' && code !== 'ECONNRESET')) return error
  return new InstanceError(`Nothing answers at ${awsEndpoint}. Is Placar running? Start it with npm start.`)
}
