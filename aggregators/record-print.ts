import { hash } from 'node:crypto'
import type { RecordLine } from './archive-line.ts'

/** What a print is made of; `base64` only where the record's bytes are no UTF-8. */
export type Printed = Pick<RecordLine, 'sequenceNumber' | 'arrival' | 'partitionKey' | 'data'> & {
  base64?: string | undefined
}

/** A record's print, so that no byte of it can change unseen (docs/audit-format.md): SHA-256, in lower-case hex. */
export const recordPrint = ({ sequenceNumber, arrival, partitionKey, base64 = '', data }: Printed): string =>
  hash('sha256', `${sequenceNumber} ${arrival} ${partitionKey} ${base64} ${data}`)

/** The digest of a part that holds no record yet. */
export const emptyDigest = ''

/** A part's digest with one more record. A chain, so that it goes on from batch to batch with nothing kept but itself. */
export const nextDigest = (digest: string, print: string): string => hash('sha256', digest + print)
