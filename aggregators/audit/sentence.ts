import type { Finding } from './finding.ts'

/** What a finding says, in one sentence: what, where, what was found and what was expected. */
export const sentence = (one: Finding): string => sentences[one.topic](one)

const sentences: Readonly<Record<Finding['topic'], (one: Finding) => string>> = {
  tail: (one) =>
    `${shard(one)}: its records have come in up to before ${one.sequenceNumber}, the last of part ${one.part}`,
  part_tail: (one) => `${shard(one)}: ${range(one)} not there yet`,
  poll_line_missing: ({ item }) => `the last line of poll ${item} is not there yet`,
  head_missing: (one) => `${shard(one)}: is in the poll's shard set and has no head`,
  part_hole: (one) => `${shard(one)}: ${range(one)} missing, and later ones are there`,
  part_conflict: (one) => `${place(one)}: two lines name it and differ`,
  part_hash: (one) =>
    `${place(one)}: its bytes do not have its hash: found ${one.expected}, the line says ${one.found}`,
  part_previous: (one) =>
    `${place(one)}: does not follow the part before it: names ${one.found}, that one is ${one.expected}`,
  part_label: (one) => `${place(one)}: its bytes are of "${one.found}", expected "${one.expected}"`,
  part_body: (one) => `${place(one)}: its bytes are no part`,
  part_order: (one) =>
    `${place(one)}: its range, from ${one.sequenceNumber}, does not lie behind the part before it, up to ${one.expected}`,
  head: (one) =>
    `${place(one)}: its hash is not the published head: found ${one.found}, expected ${one.expected}`,
  unreadable_line: ({ item, raw }) => `${item}: ${count(raw, 'line')} that cannot be read`,
  record_conflict: (one) =>
    `${place(one)}: ${count(one.raw, 'line')} that name a record a second time and differ; the first is ${one.sequenceNumber}`,
  record_outside: (one) =>
    `${shard(one)}: ${count(one.raw, 'record')} in no part; the first is ${one.sequenceNumber}`,
  record_missing: (one) => `${place(one)}: its ${one.item} record, ${one.sequenceNumber}, is missing`,
  part_figure: (one) =>
    `${place(one)}: ${itemOf(one)}: raw ${number(one.raw)}, the part says ${number(one.parts)}`,
  part_option: (one) =>
    `${place(one)}: votes for ${one.item}: raw ${number(one.raw)}, the part says ${number(one.parts)}`,
  part_rejected: (one) =>
    `${place(one)}: rejected as ${one.item}: raw ${number(one.raw)}, the part says ${number(one.parts)}`,
  part_digest: (one) =>
    `${place(one)}: its records are not those that were counted: their digest is ${one.found}, the part says ${one.expected}`,
  part_runs: (one) =>
    one.found === null
      ? `${place(one)}: was written by an older Placar, which kept no runs; its records cannot be checked`
      : `${place(one)}: its runs, ${short(one.found)}, do not add up to its ${number(one.raw)} records`,
  total: (one) =>
    `${one.shard === null ? 'in all' : shard(one)}: ${itemOf(one)}: raw ${number(one.raw)}, parts ${number(one.parts)}, scoreboard ${number(one.board)}`,
  poll_line: (one) =>
    `the poll's last line: ${one.item}: found ${short(one.found)}, expected ${short(one.expected)}`,
  ledger: (one) => `${shard(one)}: its ledger in the table: found ${one.found}, expected ${one.expected}`,
  certificate: (one) =>
    `the certificate: ${one.item}: found ${short(one.found)}, expected ${short(one.expected)}`,
  damaged_file: ({ item }) => `${item}: is no complete gzip file`,
}

const shard = (one: Finding): string => `shard ${one.shard}`
const place = (one: Finding): string =>
  `shard ${one.shard}, ${one.part === null ? 'no part' : `part ${one.part}`}`
const range = ({ part, found }: Finding): string =>
  found === String(part) ? `part ${part} is` : `parts ${part} to ${found} are`
const itemOf = ({ item }: Finding): string => item?.replaceAll('_', ' ') ?? ''
const number = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-US'))
const count = (value: number | null, what: string): string =>
  `${number(value)} ${what}${value === 1 ? '' : 's'}`

const longest = 200
const short = (text: string | null): string =>
  text === null || text.length <= longest ? String(text) : `${text.slice(0, longest)}…`
