import { crc32 } from 'node:zlib'

/**
 * One record on disk and on its way to a handler worker:
 *
 *   u32 payload length | u32 CRC-32 of the payload | payload
 *   payload: u32 boot | f64 ordinal | f64 arrival (epoch ms) | u16 key length | key (UTF-8) | data
 *
 * Little-endian. `boot` and `ordinal` are what the sequence number is made of.
 */
export type Frame = {
  boot: number
  ordinal: number
  arrival: number
  partitionKey: string
  data: Buffer
}

export const frameHeaderBytes = 8
const payloadHeaderBytes = 22
const overheadBytes = frameHeaderBytes + payloadHeaderBytes

/** Bytes that a record with this key and data may need at most. */
export const frameCapacity = (partitionKey: string, data: string | Uint8Array): number =>
  overheadBytes + 3 * partitionKey.length + (typeof data === 'string' ? 3 * data.length : data.length)

/**
 * Writes one record at `offset`; the buffer must have `frameCapacity` bytes left there.
 *
 * @returns the offset behind it
 */
export const writeFrame = (
  buffer: Buffer,
  offset: number,
  boot: number,
  ordinal: number,
  arrival: number,
  partitionKey: string,
  data: string | Uint8Array,
): number => {
  const payload = offset + frameHeaderBytes
  buffer.writeUInt32LE(boot, payload)
  buffer.writeDoubleLE(ordinal, payload + 4)
  buffer.writeDoubleLE(arrival, payload + 12)
  const key = payload + payloadHeaderBytes
  const keyBytes = buffer.write(partitionKey, key, 'utf8')
  buffer.writeUInt16LE(keyBytes, payload + 20)
  let end = key + keyBytes
  if (typeof data === 'string') end += buffer.write(data, end, 'utf8')
  else {
    buffer.set(data, end)
    end += data.length
  }
  buffer.writeUInt32LE(end - payload, offset)
  buffer.writeUInt32LE(crc32(buffer.subarray(payload, end)), offset + 4)
  return end
}

/** The offset behind the frame at `offset`, or -1 if the buffer does not hold all of it. */
export const frameEnd = (buffer: Buffer, offset: number): number => {
  if (offset + frameHeaderBytes > buffer.length) return -1
  const end = offset + frameHeaderBytes + buffer.readUInt32LE(offset)
  return end > buffer.length ? -1 : end
}

/** Whether the whole frame at `offset` is there and undamaged (a torn tail is not). */
export const isSound = (buffer: Buffer, offset: number): boolean => {
  const end = frameEnd(buffer, offset)
  const payload = offset + frameHeaderBytes
  if (end < payload + payloadHeaderBytes) return false
  return buffer.readUInt32LE(offset + 4) === crc32(buffer.subarray(payload, end))
}

export const frameOrdinal = (buffer: Buffer, offset: number): number => buffer.readDoubleLE(offset + 12)
export const frameBoot = (buffer: Buffer, offset: number): number => buffer.readUInt32LE(offset + 8)
export const frameArrival = (buffer: Buffer, offset: number): number => buffer.readDoubleLE(offset + 20)

/** Bytes of key and of data, without decoding them. */
export const frameSizes = (buffer: Buffer, offset: number): { key: number; data: number } => {
  const key = buffer.readUInt16LE(offset + 28)
  return { key, data: buffer.readUInt32LE(offset) - payloadHeaderBytes - key }
}

export const readFrame = (buffer: Buffer, offset: number): Frame => {
  const key = offset + overheadBytes
  const data = key + buffer.readUInt16LE(offset + 28)
  return {
    boot: frameBoot(buffer, offset),
    ordinal: frameOrdinal(buffer, offset),
    arrival: frameArrival(buffer, offset),
    partitionKey: buffer.toString('utf8', key, data),
    data: buffer.subarray(data, offset + frameHeaderBytes + buffer.readUInt32LE(offset)),
  }
}

/** Every frame of a buffer that holds whole frames only. */
export function* frames(buffer: Buffer): Generator<Frame> {
  for (let offset = 0; offset < buffer.length; offset = frameEnd(buffer, offset))
    yield readFrame(buffer, offset)
}
