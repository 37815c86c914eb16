import { isDeepStrictEqual } from 'node:util'
import type { Heads } from '../archive-line.ts'
import type { Expectation } from './expectation.ts'
import { type Finding, finding } from './finding.ts'
import type { LastLine } from './poll-line.ts'

/** What the last line, the ledgers and the certificate say, beside the expectation. */
export const compare = (
  expectation: Expectation,
  lines: readonly LastLine[],
  heads: Heads | undefined,
): Finding[] => {
  const { certificate, poll, ledgers } = expectation
  return [
    ...(lines.length === 0 ? [finding('poll_line_missing', { item: poll.id })] : []),
    ...lines.flatMap((line) => compareLastLine(line, { ...expectation, heads })),
    ...(ledgers === undefined ? [] : compareLedgers(heads ?? {}, ledgers)),
    ...(certificate === undefined ? [] : compareCertificate(certificate, expectation, heads)),
  ]
}

/** A ledger may have gone on beyond the head; it cannot have gone back, nor have another hash there. */
const compareLedgers = (heads: Heads, ledgers: NonNullable<Expectation['ledgers']>): Finding[] =>
  Object.entries(heads).flatMap(([shard, { parts, head }]) => {
    const ledger = ledgers[shard]
    if (ledger === undefined && parts === 0) return []
    const behind = ledger === undefined || ledger.parts < parts
    if (!behind && (ledger.parts > parts || ledger.head === head)) return []
    return [
      finding('ledger', {
        shard,
        found: ledger === undefined ? 'no ledger' : `${ledger.parts} parts, ${ledger.head}`,
        expected: `${parts} parts, ${head}`,
      }),
    ]
  })

const compareCertificate = (
  certificate: NonNullable<Expectation['certificate']>,
  { poll }: Expectation,
  heads: Heads | undefined,
): Finding[] => {
  const { result, ...definition } = poll
  const named = Object.keys(certificate.poll).filter((name) => name !== 'result')
  return [
    ...differences('certificate', pick(certificate.poll, named), pick(definition, named), 'poll'),
    ...differences('certificate', certificate.result, result ?? {}, 'result'),
    ...differences('certificate', certificate.heads, heads ?? {}, 'heads'),
  ]
}

/** In what the archive's last line of a poll differs from what is expected, field by field. */
const compareLastLine = (line: LastLine, { poll, heads }: Expectation): Finding[] => {
  const { result, ...definition } = poll
  return [
    ...differences('poll_line', line.poll, pick(definition, Object.keys(line.poll)), 'poll'),
    ...differences('poll_line', line.result, result ?? {}, 'result'),
    ...(heads === undefined ? [] : differences('poll_line', line.heads, heads, 'heads')),
  ]
}

/** Named differences of two objects, one level deep. `found` and `expected` are JSON. */
const differences = (
  topic: 'poll_line' | 'certificate',
  found: object,
  expected: object,
  path: string,
): Finding[] => {
  const left = found as Record<string, unknown>
  const right = expected as Record<string, unknown>
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => !isDeepStrictEqual(left[name], right[name]))
    .map((name) =>
      finding(topic, {
        item: `${path}.${name}`,
        found: JSON.stringify(left[name]) ?? 'nothing',
        expected: JSON.stringify(right[name]) ?? 'nothing',
      }),
    )
}

const pick = (object: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)))
