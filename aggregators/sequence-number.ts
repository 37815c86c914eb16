/** The longest sequence number that Kinesis may give (API_Record: `0|([1-9]\d{0,128})`). */
const maxDigits = 129

/** Sequence numbers are decimal numbers of any length up to 129 digits: padded, they compare as text. */
export const isAfter = (sequenceNumber: string, checkpoint: string): boolean =>
  sequenceNumber.length === checkpoint.length
    ? sequenceNumber > checkpoint
    : sequenceNumber.padStart(maxDigits, '0') > checkpoint.padStart(maxDigits, '0')
