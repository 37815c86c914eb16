import type { KinesisOperation, KinesisReport, KinesisSummary } from './kinesis.ts'
import { appendedPerSecond, cpuPerRecordUs, type KinesisAppend } from './kinesis-append.ts'

/** What is asked for: ratios of the records per second, and records appended per second. 0: nothing. */
export type KinesisMinimum = Readonly<Record<KinesisOperation, number>> & { appended: number }

/** What the report falls short of, and records that the log in process has lost. */
export const shortfalls = (
  { operations }: KinesisReport,
  append: KinesisAppend,
  minimum: KinesisMinimum,
): string[] => {
  const lines = operations
    .filter(({ operation, summary }) => summary.ratio < minimum[operation])
    .map(
      ({ operation, summary }) =>
        `${operation}: the median ratio is ${summary.ratio.toFixed(2)}, at least ${minimum[operation]} required`,
    )
  if (appendedPerSecond(append) < minimum.appended)
    lines.push(
      `${whole(appendedPerSecond(append))} records/s appended, at least ${whole(minimum.appended)} required`,
    )
  if (append.found !== append.records)
    lines.push(`${append.records} records were appended, ${append.found} were read back`)
  return lines
}

/** The rounds of each kind of request as a table, then the log in process, and the verdict. */
export const kinesisText = (report: KinesisReport, append: KinesisAppend, circumstances: string): string =>
  [
    circumstances,
    '',
    ...report.operations.flatMap(({ operation, rounds, summary }) => [
      row(operation, 'Placar/s', 'kinesalite/s', 'ratio'),
      ...rounds.map(({ placar, kinesalite }, index) =>
        rates(`round ${index + 1}`, {
          placar: placar.recordsPerSecond,
          kinesalite: kinesalite.recordsPerSecond,
          ratio: placar.recordsPerSecond / kinesalite.recordsPerSecond,
        }),
      ),
      rates('median', summary),
      cpuRow(summary),
      '',
    ]),
    `append in process  ${whole(appendedPerSecond(append))} records/s, ${whole(append.records)} of them in ${append.seconds.toFixed(1)} s; ${cpuPerRecordUs(append).toFixed(1)} µs of CPU time each`,
    row('records', 'RSS, MB', 'heap, MB'),
    ...append.usage.map(({ records, rss, heapUsed }) =>
      row(whole(records), megabytes(rss), megabytes(heapUsed)),
    ),
    '',
    `${whole(report.readBack)} records that the servers had stored were read back and compared.`,
    ...(report.failures.length === 0
      ? ['PASSED: every record was read back as it was written.']
      : report.failures.map((failure) => `FAILED: ${failure}.`)),
    '',
  ].join('\n')

const rates = (
  name: string,
  { placar, kinesalite, ratio }: Pick<KinesisSummary, 'placar' | 'kinesalite' | 'ratio'>,
): string => row(name, whole(placar), whole(kinesalite), ratio.toFixed(2))

const cpuRow = ({ cpuMs: { placar, kinesalite } }: KinesisSummary): string =>
  `${row('server CPU', placar.toFixed(2), kinesalite.toFixed(2), (kinesalite / placar).toFixed(2))}  ms a request`

const row = (name: string, ...cells: string[]): string =>
  name.padEnd(12) + cells.map((cell) => cell.padStart(14)).join('')

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
