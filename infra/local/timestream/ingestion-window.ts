/** How far ahead of the clock a record may be (quotas, "future ingestion period"). */
const futureMs = 15 * 60_000
const hourMs = 3_600_000

/** AWS's reason for refusing a record at `timeMs` (epoch ms); `undefined` when the memory store takes it. */
export const outsideWindow = (timeMs: number, memoryHours: number, now: number): string | undefined => {
  const start = now - memoryHours * hourMs
  const end = now + futureMs
  if (timeMs >= start && timeMs < end) return undefined
  const range = `[${new Date(start).toISOString()}, ${new Date(end).toISOString()})`
  return `The record timestamp is outside the time range ${range} of the data ingestion window.`
}
