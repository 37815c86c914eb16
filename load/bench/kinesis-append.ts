import type { ProcessUsage } from './kinesis-usage.ts'

/** What the process that appends says on its last line of output, as JSON. */
export type KinesisAppend = {
  records: number
  seconds: number
  /** Read back from the log afterwards. */
  found: number
  /** The process before the first record, on the way and after the last one; garbage is collected before each look. */
  usage: (ProcessUsage & { records: number })[]
}

export const appendedPerSecond = ({ records, seconds }: KinesisAppend): number => records / seconds

/** CPU time of the process for one record, in µs: what other work on the machine takes from the rate is not in it. */
export const cpuPerRecordUs = ({ records, usage }: KinesisAppend): number =>
  (((usage.at(-1)?.cpuMs ?? 0) - (usage[0]?.cpuMs ?? 0)) * 1_000) / records
