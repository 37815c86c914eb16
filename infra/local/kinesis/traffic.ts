/**
 * What producers sent to one shard, second by second: what it took, and what its write limit refused. It is counted on
 * the way of every vote, so a record costs a few writes into arrays and no allocation. It begins anew with the process.
 */
export type Traffic = {
  /**
   * One record that was taken.
   * @param at epoch ms
   * @param bytes as the write limit counts them: data and partition key
   */
  took(at: number, bytes: number): void
  /** One record that was refused. */
  refused(at: number): void
  /** Epoch ms from which every second is known at the time `now`. */
  knownFrom(now: number): number
  /** The seconds that begin in `[from, to)`, epoch ms; those that are not known add nothing. */
  between(from: number, to: number): TrafficSum
}

/** `largest`: bytes of the largest record taken, 0 without any. */
export type TrafficSum = { records: number; bytes: number; largest: number; refused: number }

/** Long enough for a whole period of five minutes, whenever it is asked for. */
const keptSeconds = 600

/** @param begunAt epoch ms */
export const openTraffic = (begunAt: number): Traffic => {
  const seconds = new Float64Array(keptSeconds)
  const records = new Uint32Array(keptSeconds)
  const bytes = new Float64Array(keptSeconds)
  const largest = new Float64Array(keptSeconds)
  const refused = new Uint32Array(keptSeconds)

  /** Where a time's second is counted; what stood there is forgotten. */
  const slotAt = (at: number): number => {
    const second = Math.floor(at / 1000)
    const slot = second % keptSeconds
    if (seconds[slot] !== second) {
      seconds[slot] = second
      records[slot] = bytes[slot] = largest[slot] = refused[slot] = 0
    }
    return slot
  }

  return {
    took: (at, size) => {
      const slot = slotAt(at)
      records[slot] = (records[slot] ?? 0) + 1
      bytes[slot] = (bytes[slot] ?? 0) + size
      if (size > (largest[slot] ?? 0)) largest[slot] = size
    },
    refused: (at) => {
      const slot = slotAt(at)
      refused[slot] = (refused[slot] ?? 0) + 1
    },
    knownFrom: (now) => 1000 * Math.max(Math.floor(begunAt / 1000), Math.floor(now / 1000) - keptSeconds + 1),
    between: (from, to) => {
      const sum = { records: 0, bytes: 0, largest: 0, refused: 0 }
      const first = Math.ceil(from / 1000)
      const end = Math.min(Math.ceil(to / 1000), first + keptSeconds)
      for (let second = first; second < end; second++) {
        const slot = second % keptSeconds
        if (seconds[slot] !== second) continue
        sum.records += records[slot] ?? 0
        sum.bytes += bytes[slot] ?? 0
        sum.largest = Math.max(sum.largest, largest[slot] ?? 0)
        sum.refused += refused[slot] ?? 0
      }
      return sum
    },
  }
}
