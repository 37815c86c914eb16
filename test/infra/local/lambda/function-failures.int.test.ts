import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FailureRecord } from '../../../../infra/local/lambda/failure-record.ts'
import type { MappingSettings } from '../../../../infra/local/lambda/mapping-settings.ts'
import { workerPool } from '../../../../infra/local/lambda/worker-pool.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { until } from '../until.ts'
import { openMapping } from './open-mapping.ts'

const never = () => {
  throw new Error('the function runs in a worker')
}

/** A mapping whose function, the body of `async (event) => …`, runs in a worker, as it does in Placar. */
const openWorkerMapping = async (
  body: string,
  settings: Partial<MappingSettings>,
  options: { timeoutMs?: number; onFailure?: (record: FailureRecord) => Promise<void> } = {},
) => {
  const path = join(await temporaryFolder(), 'handler.mjs')
  await writeFile(path, `export const handler = async (event) => { ${body} }\n`)
  const pool = workerPool({
    size: 1,
    maxWaiting: 10,
    handlers: { aggregate: pathToFileURL(path).href },
    environment: {},
    log: () => {},
  })
  onTestFinished(() => pool.close())
  return openMapping(never, settings, { timeoutMs: 20_000, ...options, pool })
}

const noRetry = { MaximumRetryAttempts: 0 }

describe('a function in a worker', () => {
  it('that exceeds its time-out has failed, and the shard goes on', async () => {
    const records: FailureRecord[] = []
    const onFailure = async (record: FailureRecord): Promise<void> => {
      records.push(record)
    }
    const hangs = 'await new Promise(() => {})'
    const { put, age, lines } = await openWorkerMapping(hangs, noRetry, { timeoutMs: 50, onFailure })
    await put('a')
    await until(() => records.length === 1)
    expect(records[0]?.responseContext?.functionError).toBe('Unhandled')
    expect(JSON.parse(records[0]?.payload ?? '').Records[0].kinesis.partitionKey).toBe('v-a')
    expect(await age()).toBe(0)
    expect(lines.join('\n')).toContain('aggregate failed')
  })

  it('that fails and has taken the memory of the records over: the batch is discarded all the same', async () => {
    const { put, age, lines } = await openWorkerMapping("throw new Error('no table')", noRetry)
    await put('a')
    await until(() => lines.some((line) => line.includes('discarded')))
    await until(async () => (await age()) === 0)
    expect(lines.join('\n')).toContain('1 records of shardId-000000000000 are discarded')
  })

  it('may report records of the batch', async () => {
    const records: FailureRecord[] = []
    const { putTogether } = await openWorkerMapping(
      `const failed = event.Records.at(-1)?.kinesis.sequenceNumber
       return { state: {}, batchItemFailures: failed ? [{ itemIdentifier: failed }] : [] }`,
      { ...noRetry, FunctionResponseTypes: ['ReportBatchItemFailures'] },
      {
        onFailure: async (record) => {
          records.push(record)
        },
      },
    )
    await putTogether('a', 'b', 'c')
    await until(() => records.length === 1)
    expect(JSON.parse(records[0]?.payload ?? '').Records).toMatchObject([
      { kinesis: { partitionKey: 'v-c' } },
    ])
  })
})
