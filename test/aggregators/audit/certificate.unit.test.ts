import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type CertificateText, certificateText, certify } from '../../../aggregators/audit/certificate.ts'
import type { Verification } from '../../../aggregators/audit/verification.ts'
import { aVerification, heads } from './certificate-verification.ts'

const checked = { at: 1_790_000_100_000, placar: '0.1.0', notCompared: [] }
const text = (changes: Partial<Verification> = {}): CertificateText =>
  certificateText(aVerification(changes), heads, checked)

describe('the text of a certificate', () => {
  it('has the definition without its result, the result, the heads, and what was checked', () => {
    const { poll } = aVerification()
    const { result, ...definition } = poll
    expect(text()).toEqual({
      v: 1,
      kind: 'certificate',
      poll: definition,
      result,
      heads,
      verdict: 'agrees',
      proved: true,
      checked: { ...checked, records: 4, votes: 5, parts: 2 },
    })
  })

  it('says when the result is not proved', () => {
    const { poll } = aVerification()
    if (poll.result === undefined) throw new Error('the poll is final')
    expect(text({ poll: { ...poll, result: { ...poll.result, unproved: ['s1'] } } }).proved).toBe(false)
  })

  it('is made of nothing that disagrees, is incomplete or is not final', () => {
    expect(() => text({ verdict: 'disagrees' })).toThrow('poll final cannot be certified: it disagrees')
    expect(() => text({ verdict: 'incomplete' })).toThrow('incomplete')
    const { finalAt: _finalAt, ...poll } = aVerification().poll
    expect(() => text({ poll })).toThrow('is not final')
  })
})

describe('a certificate', () => {
  const { privateKey } = generateKeyPairSync('ed25519')

  it('is signed over the exact bytes of its body, with a key that comes along', () => {
    const { body, sha256, signature } = certify(text(), privateKey)
    expect(JSON.parse(body)).toEqual(text())
    expect(sha256).toBe(createHash('sha256').update(body, 'utf8').digest('hex'))
    expect(signature?.algorithm).toBe('Ed25519')
    const key = createPublicKey(signature?.publicKey ?? '')
    const value = Buffer.from(signature?.value ?? '', 'base64')
    expect(verify(null, Buffer.from(body), key, value)).toBe(true)
    expect(verify(null, Buffer.from(body.replace('"ana":3', '"ana":4')), key, value)).toBe(false)
  })

  it('carries nothing of the private key', () => {
    expect(JSON.stringify(certify(text(), privateKey))).not.toContain('PRIVATE')
  })

  it('without a key is unsigned', () => {
    expect(certify(text(), undefined).signature).toBeNull()
  })
})
