import type { KinesisAppend } from '../../../load/bench/kinesis-append.ts'
import { benchRecord } from '../../../load/bench/kinesis-record.ts'
import { processUsage } from '../../../load/bench/kinesis-usage.ts'
import { openKinesis } from '../../local/kinesis/kinesis.ts'
import type { Stream } from '../../local/kinesis/stream.ts'

/**
 * Appends records in process, in batches as of PutRecords, every batch synced to disk, and prints how fast and with how
 * much memory. `node --expose-gc kinesis-append.ts <data folder> <records> <shards>`
 */
const [, , folder = '', recordsText, shardsText] = process.argv
const total = Number(recordsText)
const looks = 4
const batchRecords = 500
const maxBatches = 32
/** The keys differ; that the data does too is left to the benchmark over HTTP, which reads it back. */
const { Data } = benchRecord('append', 0)

const appendBatch = async (stream: Stream, first: number): Promise<void> => {
  const syncs = new Set<Promise<void>>()
  for (let n = first; n < first + batchRecords; n++) {
    const put = stream.put(`append-${n}`, Data)
    if ('throttled' in put) throw new Error(`${put.throttled} was over its rate, expected no limits`)
    syncs.add(put.durable)
  }
  await Promise.all(syncs)
}

/** Appends from `first` up to `end`, with at most `maxBatches` waiting for the disk; the last one is waited for. */
const append = async (stream: Stream, first: number, end: number): Promise<void> => {
  const waiting: Promise<void>[] = []
  for (let n = first; n < end; n += batchRecords) {
    waiting.push(appendBatch(stream, n))
    // The one or the other lets the commits go on.
    if (waiting.length >= maxBatches) await waiting.shift()
    else await new Promise((resume) => setImmediate(resume))
  }
  await Promise.all(waiting)
}

const count = async (stream: Stream): Promise<number> => {
  let found = 0
  for (const { log } of stream.shards)
    for (let at = log.start(), more = true; more; ) {
      const frames = await log.read(at, 10_000, 4 * 1024 * 1024)
      found += frames.count
      more = frames.count > 0
      at = frames.next
    }
  return found
}

const usageNow = (records: number): KinesisAppend['usage'][number] => {
  globalThis.gc?.()
  return { ...processUsage(), records }
}

const engine = await openKinesis({ folder, limits: false, now: Date.now, changeMs: 0 })
const stream = await engine.createStream('appended', Number(shardsText))
const usage = [usageNow(0)]
let ms = 0
for (let look = 1, first = 0; look <= looks; look++) {
  const end = batchRecords * Math.round((total * look) / looks / batchRecords)
  const startedAt = performance.now()
  await append(stream, first, end)
  ms += performance.now() - startedAt
  usage.push(usageNow(end))
  first = end
}
const records = usage.at(-1)?.records ?? 0
const result: KinesisAppend = { records, seconds: ms / 1_000, found: await count(stream), usage }
await engine.close()
console.log(JSON.stringify(result))
