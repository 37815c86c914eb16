/** A shard's part of the hash keys, both ends included. */
export type KeyRange = { shardId: string; start: bigint; end: bigint }

/** Hash keys that belong to no shard, or to more than one. Both ends included; `shards`: those around it, or in it. */
export type CoverageFault = { kind: 'gap' | 'overlap'; start: bigint; end: bigint; shards: string[] }

/** Hash keys are 128-bit numbers (Kinesis API reference, HashKeyRange). */
export const lastHashKey = 2n ** 128n - 1n

/** What keeps these ranges from covering every hash key exactly once, in ascending order; nothing when they do. */
export const coverageFaults = (ranges: readonly KeyRange[]): CoverageFault[] => {
  const faults: CoverageFault[] = []
  let next = 0n
  let reaching: KeyRange | undefined
  const found = (kind: CoverageFault['kind'], start: bigint, end: bigint, range?: KeyRange): void => {
    const shards = [reaching, range].flatMap((near) => (near === undefined ? [] : [near.shardId]))
    faults.push({ kind, start, end, shards })
  }
  for (const range of ranges.toSorted(byStart)) {
    if (range.start > next) found('gap', next, range.start - 1n, range)
    if (range.start < next) found('overlap', range.start, range.end < next ? range.end : next - 1n, range)
    if (range.end < next) continue
    next = range.end + 1n
    reaching = range
  }
  if (next <= lastHashKey) found('gap', next, lastHashKey)
  return faults
}

const byStart = (left: KeyRange, right: KeyRange): number =>
  left.start < right.start ? -1 : left.start > right.start ? 1 : 0

/** A fault in a line. */
export const faultText = ({ kind, start, end, shards }: CoverageFault): string => {
  const keys = `hash keys ${start} to ${end}`
  const where = shards.join(' and ')
  if (kind === 'overlap') return `${keys} belong to more than one open shard: ${where}`
  return `${keys} belong to no open shard${where === '' ? '' : ` (beside ${where})`}`
}
