import type { Poll } from '../../ingest/poll.ts'
import type { Heads } from '../archive-line.ts'

/** What an archive is compared with. */
export type Expectation = {
  /** With its result: from the table of an instance, or from the archive's own last line. */
  poll: Poll
  /** `undefined`: those of the archive's own last line. */
  heads: Heads | undefined
  /** Of the shards' ledgers as they are now; they may have gone on. `undefined`: not compared. */
  ledgers?: Readonly<Record<string, { parts: number; head: string } | undefined>>
  /** What a published certificate says; `undefined`: not compared. */
  certificate?: CertificateBody
}

/** What of a certificate's body is compared. */
export type CertificateBody = { poll: Partial<Poll>; result: object; heads: Heads }
