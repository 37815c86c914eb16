/**
 * Where a function that may report single records (`ReportBatchItemFailures`) wants to go on (Lambda developer guide,
 * services-kinesis-batchfailurereporting). The lowest sequence number it returns is the checkpoint: everything from it
 * is delivered again, all before it counts as processed.
 *
 * A null answer, and an absent, null or empty list, are a success. An empty or null identifier, one under another
 * name, and (not documented for Kinesis) one that the batch does not have, fail the whole batch; so does a list that
 * is none.
 *
 * @param sequenceNumbers those of the batch, in its order; asked for only when a record is reported
 * @returns how many records, from the first, are processed; `undefined` when the whole batch has failed
 */
export const processedRecords = (
  answer: unknown,
  count: number,
  sequenceNumbers: () => readonly string[],
): number | undefined => {
  const failures = (answer as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? []
  if (!Array.isArray(failures)) return undefined
  if (failures.length === 0) return count
  const placeOf = new Map(sequenceNumbers().map((number, at) => [number, at]))
  const places = failures.map((failure) => placeOf.get(failure?.itemIdentifier))
  return places.every((place) => place !== undefined) ? Math.min(...places) : undefined
}
