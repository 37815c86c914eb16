/**
 * Values that JSON has no type for, as actions put them into their output. Each knows how AWS's JSON shows it; they
 * stay recognisable for an encoding that has such types (CBOR).
 */
export class WireBlob {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
  toJSON(): string {
    return this.bytes.toString('base64')
  }
}

export class WireTimestamp {
  readonly epochMs: number
  constructor(epochMs: number) {
    this.epochMs = epochMs
  }
  /** Epoch seconds with a fraction of milliseconds. */
  toJSON(): number {
    return this.epochMs / 1000
  }
}
