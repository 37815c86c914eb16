import type { Certificate, CertificateText } from '../../../aggregators/audit/certificate.ts'
import { own, sum } from '../../../aggregators/tally.ts'
import { countText, shareText } from '../../../dashboard/site/model/figures.ts'
import { rejectionReasons } from '../../../ingest/rejection.ts'
import { type Html, html, table } from './certificate-html.ts'
import { checkSteps } from './certificate-steps.ts'
import { certificateStyle } from './certificate-style.ts'

/** A certificate as one page that reads and prints without anything else; what counts is the JSON file. */
export const certificatePage = (certificate: Certificate, fileName: string): string => {
  const text = JSON.parse(certificate.body) as CertificateText
  const { poll } = text
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate of poll ${poll.id}</title>
<style>${certificateStyle}</style>
</head>
<body>
<header>
<p>Certificate of a vote</p>
<h1 dir="auto">${poll.title}</h1>
<p>Poll <code>${poll.id}</code></p>
</header>
${standing(text, certificate)}
${totals(text)}
${course(text)}
${shards(text)}
${checking(text, certificate, fileName)}
</body>
</html>
`
  return page.html
}

const standing = ({ proved, result, checked }: CertificateText, { signature }: Certificate): Html => html`
<section class="standing">
<p><strong>Recounted: everything agrees.</strong> Raw votes, parts and result were compared at ${time(checked.at)}.</p>
${
  proved
    ? html`<p><strong>Proved final.</strong> Every shard has passed the marker that closed the poll.</p>`
    : html`<p class="warning"><strong>Final, not proved.</strong> Votes in ${result.unproved.join(', ')} may have expired unread.</p>`
}
${
  signature === null
    ? html`<p class="warning"><strong>Unsigned.</strong> Nothing here tells who issued it.</p>`
    : html`<p><strong>Signed</strong> with the Ed25519 key printed below.</p>`
}
${checked.notCompared.map((what) => html`<p class="warning"><strong>Not compared:</strong> ${what}.</p>`)}
</section>`

const totals = ({ poll, result }: CertificateText): Html => {
  const counted = sum(result.counts)
  const rejected = sum(result.rejected)
  const rows = poll.options.map(({ id, label }) => {
    const votes = own(result.counts, id) ?? 0
    const share = counted === 0 ? '–' : shareText(votes / counted, votes, counted)
    return [html`<span dir="auto">${label}</span> <code>${id}</code>`, countText(votes), share]
  })
  const reasons = rejectionReasons.flatMap((reason) => {
    const votes = own(result.rejected, reason)
    return votes === undefined ? [] : [[html`rejected: <code>${reason}</code>`, countText(votes), '']]
  })
  return html`<section class="result"><h2>Result</h2>${table(
    ['Option', 'Votes', 'Share'],
    [...rows, total('Counted', counted), ...reasons, total('Rejected', rejected)],
  )}</section>`
}

const total = (name: string, votes: number): Html[] => [
  html`<strong>${name}</strong>`,
  html`<strong>${countText(votes)}</strong>`,
  html``,
]

const course = ({ poll, result, checked }: CertificateText): Html => {
  const { createdAt, opensAt, closesAt, closedAt, finalAt } = poll
  return html`<section><h2>Course and check</h2>
<dl>
<dt>Created</dt><dd>${time(createdAt)}</dd>
<dt>Closed</dt><dd>${time(closedAt)}</dd>
<dt>Opened</dt><dd>${time(opensAt)}</dd>
<dt>Final</dt><dd>${time(finalAt)}</dd>
<dt>To close</dt><dd>${closesAt === null ? 'by hand' : time(closesAt)}</dd>
<dt>Newest vote</dt><dd>${result.newestArrival === null ? 'none' : time(result.newestArrival)}</dd>
<dt>Records</dt><dd>${countText(checked.records)}, of all polls ${countText(checked.votes)} votes</dd>
<dt>Parts</dt><dd>${countText(checked.parts)}, with hash and chain</dd>
<dt>Checked</dt><dd>${time(checked.at)}</dd>
<dt>Checked by</dt><dd>Placar ${checked.placar}</dd>
</dl></section>`
}

const shards = ({ poll, heads, result }: CertificateText): Html => {
  const rows = poll.shards.map((shard) => {
    const { counted = 0, rejected = 0 } = own(result.shards, shard) ?? {}
    const { parts = 0, head = '–' } = own(heads, shard) ?? {}
    return [
      html`<code class="hash">${shard}</code>`,
      html`<code class="hash">${head}</code>`,
      countText(counted),
      countText(rejected),
      countText(parts),
    ]
  })
  const none = html`<p>No vote has met this poll: it has no shards and no heads.</p>`
  return html`<section class="heads"><h2>Shards and heads</h2>
<p>Each head fixes all parts of its shard up to it: a part that is changed, missing or added gives another head.</p>
${rows.length === 0 ? none : table(['Shard', 'Head', 'Counted', 'Rejected', 'Parts'], rows)}</section>`
}

const checking = (text: CertificateText, certificate: Certificate, fileName: string): Html => html`
<section><h2>How to check it</h2>
<p>This page only shows <code>${fileName}</code>, which is what counts.</p>
<ol>${checkSteps(text, certificate, fileName).map(
  ({ says, command }) => html`<li>${says}<pre>${command}</pre></li>`,
)}</ol>
${
  certificate.signature === null
    ? []
    : html`<p>Signature: <code class="hash">${certificate.signature.value}</code></p>
<pre>${certificate.signature.publicKey.trim()}</pre>`
}
</section>`

/** UTC, to the millisecond. */
const time = (ms: number): Html => {
  const iso = new Date(ms).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 23)} UTC</time>`
}
