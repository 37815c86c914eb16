import type { Poll } from '../../ingest/poll.ts'
import type { Ledger } from '../ledger.ts'
import { drain } from './drain.ts'
import { type LastLineStore, sendLastLine } from './last-lines.ts'
import { tidyLedger } from './ledger-visit.ts'
import type { Outbox } from './outbox.ts'
import type { WindowSink } from './window-sink.ts'

/** What exporting needs of the count store. */
export type ExportStore = LastLineStore & {
  readPollsWithout(attribute: 'exportedAt'): Promise<ReadonlyMap<string, Poll>>
  readAllLedgers(): Promise<Ledger[]>
}

/** A sink with its outbox. */
export type Export = { outbox: Outbox; sink: WindowSink }

export type ExportPorts = {
  store: ExportStore
  archive: Export & { sendLine: (line: string) => Promise<void> }
  /** Where there is one. */
  timeSeries: Export | undefined
  /** Epoch ms. */
  now: () => number
}

/** What one run has sent. */
export type ExportReport = { archived: number; charted: number; lastLines: string[] }

/** All ledgers are read this often to find forgotten parts. */
const tidyEveryMs = 15_000

/**
 * The exporter: sends sealed parts to every sink, and the last lines of final polls to the archive. A sink that is down
 * delays its own export only; its error is thrown when everything else is done.
 *
 * @returns one run; `hasTime` tells whether another page may be begun
 */
export const exporter = ({ store, archive, timeSeries, now }: ExportPorts) => {
  let tidiedAt = Number.NEGATIVE_INFINITY

  const tidy = async (): Promise<void> => {
    if (now() - tidiedAt < tidyEveryMs) return
    for (const ledger of await store.readAllLedgers()) await tidyLedger(ledger, now(), store)
    tidiedAt = now()
  }

  const lastLines = async (): Promise<string[]> => {
    const polls = [...(await store.readPollsWithout('exportedAt')).values()].filter(
      ({ finalAt }) => finalAt !== undefined,
    )
    const sent: string[] = []
    for (const poll of polls)
      if (await sendLastLine(poll, { store, outbox: archive.outbox, sendLine: archive.sendLine }))
        sent.push(poll.id)
    return sent
  }

  /** A first look for last lines seals what final polls have open; what that sealed is then drained in the same run. */
  const toArchive = async (hasTime: () => boolean): Promise<Omit<ExportReport, 'charted'>> => {
    const early = await lastLines()
    const archived = await drain(archive.outbox, archive.sink, hasTime)
    return { archived, lastLines: [...early, ...(archived > 0 ? await lastLines() : [])] }
  }

  return async (hasTime: () => boolean): Promise<ExportReport> => {
    await tidy()
    const [archived, charted] = await Promise.allSettled([
      toArchive(hasTime),
      timeSeries === undefined ? 0 : drain(timeSeries.outbox, timeSeries.sink, hasTime),
    ])
    const failures = [archived, charted].flatMap((run) => (run.status === 'rejected' ? [run.reason] : []))
    if (failures.length > 0 || archived.status === 'rejected' || charted.status === 'rejected')
      throw new AggregateError(failures, failures.map(messageOf).join('; '))
    return { ...archived.value, charted: charted.value }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
