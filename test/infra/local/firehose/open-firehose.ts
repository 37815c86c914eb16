import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import {
  ensureDeliveryStream,
  type WantedDeliveryStream,
} from '../../../../infra/local/firehose/ensure-delivery-stream.ts'
import { type FirehoseOptions, openFirehose } from '../../../../infra/local/firehose/firehose.ts'
import { type Kinesis, openKinesis } from '../../../../infra/local/kinesis/kinesis.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { until } from '../until.ts'

export const archive = import.meta.resolve('../../../../aggregators/archive.lambda.ts')

export type Changes = Partial<FirehoseOptions> & {
  /** Functions given as the body of `async (event) => …`, beside `archive`. */
  bodies?: Record<string, string>
}

/** A Firehose beside a Kinesis in one temporary folder; both can be opened again. */
export const openTestFirehose = async (first: Changes = {}) => {
  const folder = await temporaryFolder()
  const kinesis: Kinesis = await openKinesis({
    folder: join(folder, 'kinesis'),
    limits: false,
    now: Date.now,
  })
  onTestFinished(() => kinesis.close())
  const bucketsFolder = join(folder, 's3')
  const lines: string[] = []

  const open = async ({ bodies = {}, ...changes }: Changes = {}) =>
    openFirehose({
      folder: join(folder, 'firehose'),
      bucketsFolder,
      kinesis,
      handlers: { archive, ...(await modules(folder, bodies)) },
      environment: { FOLDER: folder },
      timeoutMs: 10_000,
      now: Date.now,
      log: (message, error) => lines.push(`${message}: ${error}`),
      handlerLog: (text) => lines.push(text),
      buffering: { bytes: 1024 * 1024, ms: 10 },
      ...changes,
    })
  let firehose = await open(first)
  onTestFinished(() => firehose.close())

  return {
    folder,
    kinesis,
    lines,
    firehose: () => firehose,
    ensure: (wanted: Partial<WantedDeliveryStream> = {}) =>
      ensureDeliveryStream(firehose, { name: 'archive', bucket: 'audit', prefix: 'votes/', ...wanted }),
    /** Closes it, lets `meanwhile` change its files, and opens it again. */
    reopen: async (changes: Changes = {}, meanwhile: () => Promise<unknown> = async () => {}) => {
      await firehose.close()
      await meanwhile()
      firehose = await open(changes)
    },
    checkpoints: join(folder, 'firehose', 'streams', 'of-archive', 'checkpoints.json'),
    /** Keys of the bucket's objects, by name. */
    keys: () => objectKeys(join(bucketsFolder, 'audit')),
    /** What the objects hold, one after the other. */
    content: async (): Promise<Buffer> => {
      const keys = await objectKeys(join(bucketsFolder, 'audit'))
      const objects = keys.map(async (key) => gunzipSync(await readFile(join(bucketsFolder, 'audit', key))))
      return Buffer.concat(await Promise.all(objects))
    },
  }
}

export type TestFirehose = Awaited<ReturnType<typeof openTestFirehose>>

/** Waits until the bucket holds `count` lines, and gives them. */
export const deliveredLines = async ({ content }: TestFirehose, count: number): Promise<string[]> => {
  let lines: string[] = []
  await until(async () => {
    lines = (await content()).toString('utf8').split('\n').slice(0, -1)
    return lines.length >= count
  })
  return lines
}

const objectKeys = async (bucket: string): Promise<string[]> => {
  const entries = await readdir(bucket, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(bucket.length + 1))
    .sort()
}

const modules = async (folder: string, bodies: Record<string, string>): Promise<Record<string, string>> => {
  const handlers: Record<string, string> = {}
  for (const [name, body] of Object.entries(bodies)) {
    const path = join(folder, `${name}.mjs`)
    await writeFile(
      path,
      `import * as fs from 'node:fs'\nexport const handler = async (event) => { ${body} }\n`,
    )
    handlers[name] = pathToFileURL(path).href
  }
  return handlers
}
