import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { onTestFinished } from 'vitest'
import { openEndpoint } from '../../../infra/local/aws/endpoint.ts'
import { kinesisService } from '../../../infra/local/kinesis/actions/kinesis-service.ts'
import { openKinesis } from '../../../infra/local/kinesis/kinesis.ts'
import { openCountTable, tableName } from '../local/open-count-table.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'
import { openCloudFormation } from './cloudformation-server.ts'

export type AStack = { client: DynamoDBClient; environment: Record<string, string> }

/** The user's side of AWS, whatever the laptop under test has: credentials that open nothing, a Region, no files. */
export const signedIn = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'sa-east-1',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
}

/**
 * A stack `show` whose table, stream and bucket have other names than the embedded ones, as every deployed stack's. Its
 * services are found by the SDK's own variables, one for each of them. `client`: of its table.
 */
export const aStack = async (outputs: { SiteUrl?: string; ArchiveBucket?: string } = {}): Promise<AStack> => {
  const { client, endpoint } = await openCountTable()
  const { url } = await openCloudFormation({
    show: {
      SiteUrl: 'https://votes.example.com',
      TableName: tableName,
      StreamName: streamName,
      ArchiveBucket: 'show-archive',
      ...outputs,
    },
  })
  return {
    client,
    environment: {
      ...signedIn,
      AWS_ENDPOINT_URL_CLOUDFORMATION: url,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    },
  }
}

const streamName = 'show-VotesStream-1A2B3C'

/** The stack's stream, with one shard; its endpoint. */
export const openStackStream = async (): Promise<string> => {
  const log = (): void => {}
  const now = Date.now
  const engine = await openKinesis({ folder: await temporaryFolder(), limits: false, now, changeMs: 0 })
  await engine.createStream(streamName, 1)
  const endpoint = await openEndpoint({ port: 0, services: [kinesisService({ engine, now, log })], log })
  onTestFinished(async () => {
    await endpoint.close()
    await engine.close()
  })
  return endpoint.url
}
