import { setTimeout as sleepMs } from 'node:timers/promises'
import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import type { SealedPart } from '../part.ts'
import { firehoseLimits, type PackedRecord, packable, packRequest } from './packing.ts'
import type { WindowSink } from './window-sink.ts'

/** The first wait before records that failed are sent again; it doubles each time. */
const firstWaitMs = 100
const tries = 4

export type FirehoseSink = WindowSink & {
  /** Sends one line of the archive that is no part: a poll's last one. Throws where it was not taken. */
  sendLine(line: string): Promise<void>
}

/**
 * The archive: parts as lines, several to a record, through a Firehose delivery stream. A request that fails as a
 * whole has been repeated by the SDK already; single records that fail are repeated here.
 */
export const firehoseSink = (
  client: FirehoseClient,
  deliveryStream: string,
  { sleep = sleepMs }: { sleep?: (ms: number) => Promise<unknown> } = {},
): FirehoseSink => {
  /** Puts up to 500 records. Returns the places of those that were not taken, and why the first of them was not. */
  const putOnce = async (data: readonly string[]): Promise<Refused> => {
    const Records = data.map((lines) => ({ Data: Buffer.from(lines) }))
    const put = new PutRecordBatchCommand({ DeliveryStreamName: deliveryStream, Records })
    const { RequestResponses = [] } = await client.send(put)
    // A record is stored when it has an id: whatever else is said, or left out, nothing is taken for stored that is not.
    const places = [...data.keys()].filter((place) => RequestResponses[place]?.RecordId === undefined)
    if (places.length === 0) return { places }
    const { ErrorCode, ErrorMessage } = RequestResponses[places[0] ?? -1] ?? {}
    const why = `${places.length} of ${data.length} records failed, with ${ErrorCode}: ${ErrorMessage}`
    return { places, error: new Error(`Firehose ${deliveryStream}: ${why}`) }
  }

  const put = async (data: readonly string[]): Promise<Refused> => {
    let refused: Refused = { places: [...data.keys()] }
    for (let waitMs = firstWaitMs, left = tries; ; waitMs *= 2) {
      const { places } = refused
      try {
        const again = await putOnce(places.map((place) => data[place] ?? ''))
        refused = { ...again, places: again.places.map((place) => places[place] ?? place) }
      } catch (error) {
        return { places, error } // of a request without an answer AWS says that it may have been stored
      }
      left -= 1
      if (refused.places.length === 0 || left === 0) return refused
      await sleep(waitMs)
    }
  }

  return {
    name: `firehose ${deliveryStream}`,
    send: async (parts) => {
      const taken: SealedPart[] = []
      let problem: unknown
      let waiting = parts.map((part) => packable(part))
      while (waiting.length > 0) {
        const { records, rest } = packRequest(waiting)
        const { places, error } = await put(records.map(linesOf))
        problem ??= error
        const failed = new Set(places)
        taken.push(...records.filter((_, place) => !failed.has(place)).flatMap(partsOf))
        if (failed.size === records.length) break // Firehose is down, or full: whatever is left can wait
        const heldBack = new Set(
          records.filter((_, place) => failed.has(place)).flatMap((record) => partsOf(record).map(shardOf)),
        )
        waiting = rest.filter(({ part }) => !heldBack.has(part.shardId))
      }
      if (taken.length === 0 && parts.length > 0) throw problem
      return taken
    },
    sendLine: async (line) => {
      const bytes = Buffer.byteLength(line)
      if (bytes > firehoseLimits.recordBytes)
        throw new Error(`a line of ${bytes} bytes; a record holds at most ${firehoseLimits.recordBytes}`)
      const { places, error } = await put([line])
      if (places.length > 0) throw error
    },
  }
}

/** What was not taken of a request: places in it, and the first reason. */
type Refused = { places: number[]; error?: unknown }

const linesOf = ({ parts }: PackedRecord): string => parts.map(({ line }) => line).join('')
const partsOf = ({ parts }: PackedRecord): SealedPart[] => parts.map(({ part }) => part)
const shardOf = ({ shardId }: SealedPart): string => shardId
