import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { certificateText, certify } from '../../../aggregators/audit/certificate.ts'
import { certificatePage } from '../../../infra/cli/audit/certificate-page.ts'
import type { Poll } from '../../../ingest/poll.ts'
import { aVerification, heads } from '../../aggregators/audit/certificate-verification.ts'

const { privateKey } = generateKeyPairSync('ed25519')

const page = (changes: Partial<Poll> = {}, { signed = true, notCompared = [] as string[] } = {}): string => {
  const { poll } = aVerification()
  const checked = { at: 1_790_000_100_000, placar: '0.1.0', notCompared }
  const text = certificateText(aVerification({ poll: { ...poll, ...changes } }), heads, checked)
  return certificatePage(certify(text, signed ? privateKey : undefined), 'certificate-final.json')
}

const result = aVerification().poll.result

describe('the page of a certificate', () => {
  it('has totals with shares, rejections by reason, heads, times in UTC and who checked', () => {
    const html = page()
    const plain = html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
    expect(plain).toContain(
      'Ana ana 3 75.00% Bia bia 1 25.00% Counted 4 rejected: unknown_option 1 Rejected 1',
    )
    expect(plain).toContain(`s1 ${heads.s1?.head} 4 1 2`)
    expect(plain).toContain('Final 2026-09-21 14:14:20.400 UTC')
    expect(plain).toContain('Checked by Placar 0.1.0')
    expect(plain).toContain('Proved final.')
  })

  it('escapes what others have named, and has nothing that runs or is fetched', () => {
    const html = page({
      title: '<img src=x onerror=alert(1)>',
      options: [
        { id: 'ana', label: '</td><script>alert("1")</script>' },
        { id: 'bia', label: "Bia & 'Caio'" },
      ],
    })
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(html).toContain('&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
    expect(html).toContain('Bia &amp; &#39;Caio&#39;')
    expect(html).not.toMatch(/<(script|img|link|iframe)|\ssrc=(?!x)|url\(/i)
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  it('says how to check it; the signature only where there is one', () => {
    expect(page()).toContain(
      'npm run audit -- verify --poll final --from FOLDER --certificate certificate-final.json',
    )
    expect(page()).toContain('openssl pkeyutl -verify')
    expect(page()).not.toContain('Unsigned')
    expect(page({}, { signed: false })).toContain('<strong>Unsigned.</strong>')
    expect(page({}, { signed: false })).not.toContain('openssl')
  })

  it('says plainly what is not proved and what was not compared', () => {
    const unproved = result && page({ result: { ...result, unproved: ['s1'] } })
    expect(unproved).toContain('<strong>Final, not proved.</strong> Votes in s1 may have expired unread.')
    expect(unproved).not.toContain('Proved final')
    expect(page({}, { notCompared: ['the count table'] })).toContain(
      '<strong>Not compared:</strong> the count table.',
    )
  })

  it('of a poll without a vote has no shares and no heads', () => {
    const html = page({
      shards: [],
      result: {
        counts: {},
        rejected: {},
        shards: {},
        newestArrival: null,
        unproved: [],
        latency: { histogram: '', clamped: 0 },
      },
    })
    expect(html).toContain('No vote has met this poll')
    expect(html).not.toContain('NaN')
  })
})
