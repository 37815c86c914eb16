import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Heads, PollLine } from '../archive-line.ts'
import type { Figure } from './finding.ts'
import type { Verification } from './verification.ts'

/** What a certificate says. Times are epoch ms. */
export type CertificateText = {
  v: 1
  kind: 'certificate'
  poll: PollLine['poll']
  result: PollLine['result']
  /** By shard of the poll's set: publishing them is what makes the archive tamper-evident. */
  heads: Heads
  /** No other verdict is certified. */
  verdict: 'agrees'
  /** Whether every shard passed its close marker; `false`: the result's `unproved` names shards with votes that may have expired unread. */
  proved: boolean
  checked: {
    at: number
    /** The version of Placar that checked. */
    placar: string
    /** Raw records, and all votes in them, whatever their poll, in the parts that matter to this poll. */
    records: number
    votes: number
    /** From the first of each shard up to its head. */
    parts: number
    /** What there was not to compare with; empty when the count table was there. */
    notCompared: string[]
  }
}

/** A certificate as it is published: the signature is over the UTF-8 bytes of `body`, and so is the hash. */
export type Certificate = {
  /** A `CertificateText` as JSON. */
  body: string
  /** In hex. */
  sha256: string
  /** `publicKey`: PEM; `value`: base64. `null`: unsigned. */
  signature: { algorithm: 'Ed25519'; publicKey: string; value: string } | null
}

/** Who checked what and when, beside what the verification says itself. */
export type CheckedBy = { at: number; placar: string; notCompared: readonly string[] }

/** Throws when the verification does not agree or the poll is not final: that is not certified. */
export const certificateText = (
  { poll, verdict, figures }: Verification,
  heads: Heads,
  { at, placar, notCompared }: CheckedBy,
): CertificateText => {
  const { id, title, options, createdAt, opensAt, closesAt, shards, closedAt, finalAt, result } = poll
  if (verdict !== 'agrees' || closedAt === undefined || finalAt === undefined || result === undefined)
    throw new Error(`poll ${id} cannot be certified: it ${finalAt === undefined ? 'is not final' : verdict}`)
  return {
    v: 1,
    kind: 'certificate',
    poll: { id, title, options, createdAt, opensAt, closesAt, shards, closedAt, finalAt },
    result,
    heads,
    verdict,
    proved: result.unproved.length === 0,
    checked: {
      at,
      placar,
      records: figure(figures, 'records'),
      votes: figure(figures, 'votes'),
      parts: figure(figures, 'parts'),
      notCompared: [...notCompared],
    },
  }
}

const figure = (figures: readonly Figure[], item: string): number => {
  const found = figures.find((one) => one.topic === 'figure' && one.item === item)
  // Without a single part there is no row for their sums.
  return found?.parts ?? 0
}

/** @param key private, Ed25519; without one the certificate is unsigned */
export const certify = (text: CertificateText, key: KeyObject | undefined): Certificate => {
  const body = JSON.stringify(text)
  const bytes = Buffer.from(body, 'utf8')
  return {
    body,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    signature:
      key === undefined
        ? null
        : {
            algorithm: 'Ed25519',
            publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
            value: sign(null, bytes, key).toString('base64'),
          },
  }
}
