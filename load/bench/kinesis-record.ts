import { crc32 } from 'node:zlib'

/** A record as the SDK takes and gives it. */
export type BenchRecord = { PartitionKey: string; Data: Uint8Array }

/** Where a record was stored. */
export type Receipt = { ShardId: string; SequenceNumber: string }

export const recordBytes = 200

const filling = Uint8Array.from({ length: recordBytes }, (_, index) => (index * 89) % 256)

/** The `n`th record of a client's: 200 bytes that no other record of the run has. */
export const benchRecord = (client: string, n: number): BenchRecord => {
  const PartitionKey = `${client}-${n}`
  const Data = Buffer.allocUnsafe(recordBytes)
  Data.set(filling)
  Data.write(PartitionKey, 'latin1')
  return { PartitionKey, Data }
}

/**
 * Records as stored or as read back, in any order: how many, and the sum of their checksums, each over where the record
 * is, its key and its data. Two tallies are the same when the same records are in the same places.
 */
export type RecordTally = { records: number; sum: number }

export const emptyTally: RecordTally = { records: 0, sum: 0 }

/** So that a sum stays exact. */
const sumModulus = 2 ** 48

export const withRecord = (
  tally: RecordTally,
  at: Receipt,
  { PartitionKey, Data }: BenchRecord,
): RecordTally =>
  addTallies(tally, {
    records: 1,
    sum: crc32(Data, crc32(`${at.ShardId} ${at.SequenceNumber} ${PartitionKey}`)),
  })

export const addTallies = (left: RecordTally, right: RecordTally): RecordTally => ({
  records: left.records + right.records,
  sum: (left.sum + right.sum) % sumModulus,
})
