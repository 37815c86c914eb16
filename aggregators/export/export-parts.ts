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

/** What one run has sent: parts to each sink, and polls whose last line went to the archive. */
export type ExportReport = { toArchive: number; toTimeSeries: number; lastLines: string[] }

/** All ledgers are read this often to find forgotten parts. */
const tidyEveryMs = 15_000

/**
 * The exporter: sends sealed parts to every sink, and the last lines of final polls to the archive. A sink that is down, a
 * ledger or a poll that cannot be dealt with delays itself only; what went wrong is thrown when everything else is done.
 *
 * @returns one run; `hasTime` tells whether more may be begun
 */
export const exporter = ({ store, archive, timeSeries, now }: ExportPorts) => {
  let tidiedAt = Number.NEGATIVE_INFINITY

  return async (hasTime: () => boolean): Promise<ExportReport> => {
    const failures: unknown[] = []
    const attempt = async <T>(otherwise: T, work: () => Promise<T>): Promise<T> => {
      try {
        return await work()
      } catch (error) {
        failures.push(error)
        return otherwise
      }
    }

    const tidy = async (): Promise<void> => {
      if (now() - tidiedAt < tidyEveryMs) return
      tidiedAt = now()
      for (const ledger of await store.readAllLedgers())
        await attempt(undefined, () => tidyLedger(ledger, now(), store))
    }

    const lastLines = async (): Promise<string[]> => {
      const sent: string[] = []
      for (const poll of (await store.readPollsWithout('exportedAt')).values())
        if (poll.finalAt !== undefined && hasTime()) {
          const ports = { store, outbox: archive.outbox, sendLine: archive.sendLine }
          if (await attempt(false, () => sendLastLine(poll, ports))) sent.push(poll.id)
        }
      return sent
    }

    const sendTo = (to: Export | undefined): Promise<number> =>
      to === undefined ? Promise.resolve(0) : attempt(0, () => drain(to.outbox, to.sink, hasTime))

    await attempt(undefined, tidy)
    // The first look seals what final polls have left open, so that it goes with the parts of this run.
    const early = await attempt([], lastLines)
    const [toArchive, toTimeSeries] = await Promise.all([sendTo(archive), sendTo(timeSeries)])
    const late = toArchive > 0 ? await attempt([], lastLines) : []
    if (failures.length > 0) throw new AggregateError(failures, failures.map(messageOf).join('; '))
    return { toArchive, toTimeSeries, lastLines: [...early, ...late] }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
