import { onTestFinished } from 'vitest'
import { workerPool } from '../../infra/local/lambda/worker-pool.ts'
import { tableNameVariable } from '../../ingest/count-table.ts'
import { tableName } from '../infra/local/open-count-table.ts'
import { type PublishedMetrics, publishedIn } from './published-metrics.ts'

/** A handler as Lambda would run it: loaded from its own file, in a worker, with the real SDK. It may fail. */
export const handlerWorker = (module: string, environment: Record<string, string>) => {
  const output: string[] = []
  const pool = workerPool({
    size: 1,
    maxWaiting: 1,
    handlers: { handler: module },
    environment: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      POWERTOOLS_METRICS_NAMESPACE: 'Placar/show',
      [tableNameVariable]: tableName,
      ...environment,
    },
    log: (text) => output.push(text),
  })
  onTestFinished(() => pool.close())
  const invoke = (event: object) =>
    pool.invoke({
      functionName: 'handler',
      timeoutMs: 40_000,
      payload: { kind: 'json', json: JSON.stringify(event) },
    })
  return { invoke, published: (): PublishedMetrics[] => publishedIn(output) }
}
