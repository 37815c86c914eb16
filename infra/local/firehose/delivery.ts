import { setTimeout as wait } from 'node:timers/promises'
import type { Position } from '../kinesis/log/segment-reader.ts'
import type { Checkpoints } from '../lambda/checkpoints.ts'
import type { Log } from '../log-file.ts'
import { isBehind, type Piece, type ShardReader, takeBatch, waitingBytes } from './batch.ts'
import type { DeliveryResult } from './delivery-job.ts'
import type { Source, SourceShard } from './source.ts'

/** What is buffered before it is delivered: this many bytes or milliseconds, whichever is first. */
export type Buffering = { bytes: number; ms: number }

export type DeliveryOptions = {
  /** The delivery stream's, for the log. */
  name: string
  source: Source
  /** Delivers a batch. Never rejects. */
  deliver: (pieces: Piece[]) => Promise<DeliveryResult>
  checkpoints: Checkpoints
  buffering: Buffering
  log: Log
}

/** The delivery of one stream, running. */
export type Delivery = {
  /** Stops behind the batch under way, having delivered what is buffered unless that takes until `flushMs` are over. */
  stop(flushMs: number): Promise<void>
}

/** How often the ends of the logs are looked at. */
const pollMs = 100
const maxBackoffMs = 10_000

/**
 * A Lambda event is at most 6 MB: 1 MiB of frames is 1.4 MB of base64, and a record's field names, its ids and its
 * shard take up to 350 bytes more.
 */
const maxRecords = 8000

/**
 * Delivers one batch after the other, so a shard's records stay in order, and stores a position only behind what is
 * durable: after a crash records are delivered again, and none is left out. A batch that fails is retried without
 * limit, with back-off.
 */
export const startDelivery = (options: DeliveryOptions): Delivery => {
  const { name, source, deliver, checkpoints, buffering, log } = options
  const stopping = new AbortController()
  let bufferingSince: number | undefined
  let failures = 0
  /** The shard read last: the next batch begins behind it, so that a full shard keeps no other one waiting. */
  let lastRead = ''

  const readers = (): ShardReader[] => source().map((shard) => ({ shard, position: positionOf(shard) }))

  const positionOf = (shard: SourceShard): Position => {
    const start = shard.log.start()
    const kept = checkpoints.position(shard.key) ?? start
    if (kept.segment >= start.segment) return kept
    checkpoints.advance(shard.key, start)
    // A log that was empty begins at 0, and its first record is number 1: nothing lies between.
    const wasEmpty = kept.segment === 0 && kept.offset === 0 && start.segment === 1
    if (!shard.trim && !wasEmpty)
      log(`${name}: records of ${shard.id} may have outlived the retention before they were delivered`)
    return start
  }

  /** Delivers a batch if it is time to. @returns how long to wait before the next */
  const round = async (flush: boolean): Promise<number> => {
    try {
      const behind = readers().filter(isBehind)
      if (behind.length === 0) return pollMs
      bufferingSince ??= performance.now()
      const isDue = flush || performance.now() - bufferingSince >= buffering.ms
      if (!isDue && waitingBytes(behind) < buffering.bytes) return pollMs
      const pieces = await takeBatch(inTurn(behind), { maxBytes: buffering.bytes, maxRecords })
      const full = pieces.filter(({ bytes }) => bytes.length > 0)
      const result: DeliveryResult = full.length === 0 ? { ok: true } : await deliver(full)
      if (!result.ok) return backOff(result.error)
      for (const { shard, next } of pieces) checkpoints.advance(shard.key, next)
      checkpoints.keep(source().map(({ key }) => key))
      for (const { shard, arrival } of full) await shard.trim?.(arrival)
      lastRead = pieces.at(-1)?.shard.key ?? ''
      bufferingSince = undefined
      failures = 0
      return 0
    } catch (error) {
      return backOff(error)
    }
  }

  const inTurn = (behind: ShardReader[]): ShardReader[] => {
    const first = behind.findIndex(({ shard }) => shard.key === lastRead) + 1
    return [...behind.slice(first), ...behind.slice(0, first)]
  }

  const backOff = (error: unknown): number => {
    failures += 1
    const pauseMs = Math.min(maxBackoffMs, 100 * 2 ** Math.min(failures, 10))
    log(`${name} could not deliver and tries again in ${pauseMs} ms`, error)
    return pauseMs
  }

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const pauseMs = await round(false)
      if (pauseMs > 0) await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const ended = loop()

  return {
    stop: async (flushMs) => {
      const until = performance.now() + flushMs
      stopping.abort()
      await ended
      while (performance.now() < until && (await round(true)) === 0);
      await checkpoints.close()
    },
  }
}
