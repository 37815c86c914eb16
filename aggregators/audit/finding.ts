import type { Row } from './database.ts'

/** What the three columns say of one item; `null`: this column says nothing of it. */
export type Figure = {
  topic: 'option' | 'rejected' | 'shard' | 'figure'
  shard: string | null
  /** An option id, a rejection reason, `counted` or `rejected` of a shard, or the name of another figure. */
  item: string
  raw: number | null
  parts: number | null
  board: number | null
  /** `undefined` where the archive is not complete enough to tell. */
  agrees: boolean | undefined
}

/** The topics of recount.sql that name something missing or wrong. */
export const sqlTopics = [
  'tail',
  'part_tail',
  'head_missing',
  'part_hole',
  'part_conflict',
  'part_hash',
  'part_previous',
  'part_label',
  'part_body',
  'part_order',
  'head',
  'unreadable_line',
  'record_conflict',
  'record_outside',
  'record_missing',
  'part_figure',
  'part_option',
  'part_rejected',
] as const

/**
 * One thing that is wrong or missing, and where. `found` and `expected` are texts; `raw`, `parts` and `board` what the
 * three columns say.
 */
export type Finding = {
  topic:
    | (typeof sqlTopics)[number]
    /** The records of a part, as many as it says, do not have its digest. */
    | 'part_digest'
    /** A part's runs, in `found`, do not add up to its records, of which there are `raw`; `null`: it has none. */
    | 'part_runs'
    /** An item of the table whose columns differ. */
    | 'total'
    /** The poll's last line is not in the archive. */
    | 'poll_line_missing'
    /** The poll's last line and the expectation differ in `item`. */
    | 'poll_line'
    /** A shard's ledger in the table does not go with its head. */
    | 'ledger'
    /** The certificate and the expectation differ in `item`. */
    | 'certificate'
    /** A file whose gzip stream is broken off or damaged. */
    | 'damaged_file'
  shard: string | null
  part: number | null
  sequenceNumber: string | null
  item: string | null
  raw: number | null
  parts: number | null
  board: number | null
  found: string | null
  expected: string | null
}

export const finding = (topic: Finding['topic'], changes: Partial<Omit<Finding, 'topic'>> = {}): Finding => ({
  topic,
  shard: null,
  part: null,
  sequenceNumber: null,
  item: null,
  raw: null,
  parts: null,
  board: null,
  found: null,
  expected: null,
  ...changes,
})

/** A row of recount.sql that is no figure. */
export const toFinding = (row: Row): Finding => {
  const topic = sqlTopics.find((known) => known === row.topic)
  if (topic === undefined) throw new Error(`recount.sql gave a row of the unknown topic ${row.topic}`)
  return finding(topic, {
    shard: text(row.shard),
    part: number(row.part),
    sequenceNumber: text(row.sequence_number),
    item: text(row.item),
    raw: number(row.raw),
    parts: number(row.parts),
    board: number(row.board),
    found: text(row.found),
    expected: text(row.expected),
  })
}

/** A row of recount.sql that is a figure, else `undefined`. */
export const toFigure = (row: Row): Figure | undefined => {
  const topic = (['option', 'rejected', 'shard', 'figure'] as const).find((known) => known === row.topic)
  if (topic === undefined) return undefined
  return {
    topic,
    shard: text(row.shard),
    item: text(row.item) ?? '',
    raw: number(row.raw),
    parts: number(row.parts),
    board: number(row.board),
    agrees: undefined,
  }
}

const text = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined ? null : String(value)

const number = (value: Row[string] | undefined): number | null =>
  value === null || value === undefined ? null : Number(value)
