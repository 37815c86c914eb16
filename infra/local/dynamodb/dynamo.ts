import { mkdir } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { accountId, region } from '../kinesis/stream.ts'

/** The embedded DynamoDB, running. */
export type Dynamo = {
  /** For `AWS_ENDPOINT_URL_DYNAMODB`; the AWS endpoint passes its requests on to it. */
  endpoint: string
  /** Whether it still answers. */
  running(): boolean
  /** Ends requests under way and closes the store. Rejects when it could not be closed cleanly. */
  close(): Promise<void>
}

export type DynamoOptions = {
  /** Where the tables are kept; made if missing. */
  folder: string
  /** Told of failures of the store and of an unexpected end. */
  log(message: string, error: unknown): void
}

/** What the worker says: its port once it listens, why it will not, or what has gone wrong in the store since. */
export type FromWorker = { port: number } | { refused: string } | { failed: string }

/**
 * Starts dynalite in a worker, on a free loopback port. A put is safe from a kill of the process; what
 * makes it safe from a loss of power is the sync before a checkpoint is stored (dynalite does none itself). Rejects when the folder cannot be used: locked by another process, not writable.
 */
export const openDynamo = async ({ folder, log }: DynamoOptions): Promise<Dynamo> => {
  await mkdir(folder, { recursive: true })
  const worker = new Worker(new URL('./dynalite.worker.ts', import.meta.url), {
    workerData: { folder },
    env: { AWS_REGION: region, AWS_ACCOUNT_ID: accountId }, // for the ARNs that dynalite makes up
  })
  const ended = Promise.withResolvers<number>()
  let state: 'starting' | 'listening' | 'closing' | 'ended' = 'starting'

  const port = await new Promise<number>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if ('port' in message) resolve(message.port)
      else if ('failed' in message) log('the DynamoDB store failed', new Error(message.failed))
      else reject(new Error(`the tables in ${folder} cannot be opened: ${message.refused}`))
    })
    worker.on('error', (error) => log('the DynamoDB worker failed', error))
    worker.on('exit', (code) => {
      ended.resolve(code)
      const unexpected = new Error(`the DynamoDB worker ended by itself, with code ${code}`)
      if (state === 'listening') log('there are no tables any more', unexpected)
      else reject(unexpected) // settles nothing where it has refused to open
      state = 'ended'
    })
  })
  state = 'listening'

  return {
    endpoint: `http://127.0.0.1:${port}`,
    running: () => state === 'listening',
    close: async () => {
      state = 'closing'
      worker.postMessage('close')
      if ((await ended.promise) !== 0) throw new Error(`the tables in ${folder} could not be closed cleanly`)
    },
  }
}
