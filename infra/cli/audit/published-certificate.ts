import { createHash, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Certificate } from '../../../aggregators/audit/certificate.ts'
import type { CertificateBody } from '../../../aggregators/audit/expectation.ts'
import { UsageError } from '../command.ts'

/**
 * Reads a certificate that somebody has published. Throws `UsageError` when it is none, or its body is not what its hash
 * or its signature was made of. Whose key signed it is for the reader to know.
 */
export const readPublishedCertificate = async (file: string): Promise<CertificateBody> => {
  const { body, sha256, signature } = await readCertificate(file)
  const bytes = Buffer.from(body, 'utf8')
  if (sha256 !== createHash('sha256').update(bytes).digest('hex'))
    throw new UsageError(
      `${file} is not as it was published: its body does not have the SHA-256 that it names.`,
    )
  if (signature && !isSignedBy(bytes, signature))
    throw new UsageError(`${file} is not as it was signed: the signature does not fit its body.`)
  const text: Partial<CertificateBody> = JSON.parse(body)
  if (text.poll && text.result && text.heads) return text as CertificateBody
  throw new UsageError(`${file} is no certificate: its body has no poll, result or heads.`)
}

const readCertificate = async (file: string): Promise<Certificate> => {
  try {
    const found: Partial<Certificate> = JSON.parse(await readFile(file, 'utf8'))
    JSON.parse(found.body ?? '')
    return found as Certificate
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a certificate: ${(error as Error).message}`)
  }
}

const isSignedBy = (bytes: Buffer, { publicKey, value }: NonNullable<Certificate['signature']>): boolean => {
  try {
    return verify(null, bytes, publicKey, Buffer.from(value, 'base64'))
  } catch {
    return false // no key at all
  }
}
