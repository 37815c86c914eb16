import { TimestreamWrite } from '@aws-sdk/client-timestream-write'
import { onTestFinished } from 'vitest'
import { timestreamService } from '../../../../infra/local/timestream/actions/timestream-service.ts'
import { openTimestream, type Timestream } from '../../../../infra/local/timestream/timestream.ts'
import { credentials, openTestEndpoint } from '../aws/open-endpoint.ts'
import { temporaryFolder } from '../temporary-folder.ts'

export const start = 1_790_000_000_000

/** An engine whose clock is moved by hand (epoch ms), closed when the test has finished. */
export const openEngine = async (
  folder?: string,
): Promise<{ engine: Timestream; clock: { now: number }; folder: string }> => {
  const clock = { now: start }
  const place = folder ?? (await temporaryFolder())
  const engine = await openTimestream({ folder: place, now: () => clock.now })
  let isOpen = true
  const close = (): void => {
    if (isOpen) engine.close()
    isOpen = false
  }
  onTestFinished(close)
  return { engine: { ...engine, close }, clock, folder: place }
}

/** The SDK's client with its defaults on an embedded Timestream. */
export const openSdk = async () => {
  const { engine, clock } = await openEngine()
  const { url } = await openTestEndpoint([timestreamService(engine)])
  const client = new TimestreamWrite({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return { client, engine, clock, url }
}
