import { markdownTable } from '../cost/markdown-table.ts'
import type { KinesisOperation, KinesisReport } from './kinesis.ts'
import { appendedPerSecond, cpuPerRecordUs, type KinesisAppend } from './kinesis-append.ts'
import { recordBytes } from './kinesis-record.ts'
import { aimLine, ratioCell, verdictLines, whole } from './ratio-text.ts'

/** What is asked for: ratios of the records per second, and records appended per second. 0: nothing. */
export type KinesisMinimum = Readonly<Record<KinesisOperation, number>> & { appended: number }

/** What the report falls short of, and records that the log in process has lost. */
export const shortfalls = (
  { operations }: KinesisReport,
  append: KinesisAppend,
  minimum: KinesisMinimum,
): string[] => {
  const lines = operations
    .filter(({ operation, summary }) => summary.ratio.median < minimum[operation])
    .map(
      ({ operation, summary }) =>
        `${operation}: the median ratio is ${summary.ratio.median.toFixed(2)}, at least ${minimum[operation]} required`,
    )
  if (appendedPerSecond(append) < minimum.appended)
    lines.push(
      `${whole(appendedPerSecond(append))} records/s appended, at least ${whole(minimum.appended)} required`,
    )
  if (append.found !== append.records)
    lines.push(`${append.records} records were appended, ${append.found} were read back`)
  return lines
}

/** What the rates of each kind of request are to be of kinesalite's, and the records appended per second. */
const aims: KinesisMinimum = { PutRecords: 5, GetRecords: 4, PutRecord: 2, appended: 300_000 }

/** What a request of each kind carries. */
const loads: Readonly<Record<KinesisOperation, string>> = {
  PutRecords: '500 × 200 B',
  GetRecords: 'pages of 10,000 × 200 B',
  PutRecord: '200 B',
}

/** The result as Markdown: the kinds of request, the log in process, what is aimed at, the verdict. */
export const kinesisMarkdown = (
  report: KinesisReport,
  append: KinesisAppend,
  circumstances: string,
): string =>
  [
    circumstances,
    markdownTable(
      [
        'request',
        'Placar, records/s',
        'kinesalite, records/s',
        'ratio, median of the rounds',
        'server CPU a request, Placar',
        'server CPU a request, kinesalite',
        'ratio',
      ],
      report.operations.map(({ operation, summary: { placar, kinesalite, ratio, cpuMs } }) => [
        `${operation}, ${loads[operation]}`,
        whole(placar),
        whole(kinesalite),
        ratioCell(ratio),
        `${cpuMs.placar.toFixed(2)} ms`,
        `${cpuMs.kinesalite.toFixed(2)} ms`,
        (cpuMs.kinesalite / cpuMs.placar).toFixed(2),
      ]),
    ),
    `Appended in process, once: ${whole(appendedPerSecond(append))} records/s, ${whole(append.records)} records of ${recordBytes} B in ${append.seconds.toFixed(1)} s; ${cpuPerRecordUs(append).toFixed(1)} µs of CPU time each. Memory of the process on the way, garbage collected before each look:`,
    markdownTable(
      ['records', 'RSS, MB', 'heap, MB'],
      append.usage.map(({ records, rss, heapUsed }) => [whole(records), megabytes(rss), megabytes(heapUsed)]),
    ),
    [
      ...report.operations.map(({ operation, summary }) =>
        aimLine(`${operation}, ratio`, summary.ratio.median, aims[operation]),
      ),
      aimLine('records/s appended in process', appendedPerSecond(append), aims.appended, 0),
    ].join('\n'),
    `${whole(report.readBack)} records that the servers had stored were read back and compared.`,
    verdictLines(report.failures, 'every record was read back as it was written'),
  ].join('\n\n')

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
