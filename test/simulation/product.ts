import { aggregate } from '../../aggregators/aggregate.ts'
import type { ForEachRecord } from '../../aggregators/evolve.ts'
import type { Outbox } from '../../aggregators/export/outbox.ts'
import type { WindowSink } from '../../aggregators/export/window-sink.ts'
import { pollCache } from '../../aggregators/poll-cache.ts'
import type { MemoryCountStore } from '../aggregators/memory-count-store.ts'

/** What is simulated, where a test may put something broken in its place. */
export type Product = {
  aggregate: typeof aggregate
  pollCache: typeof pollCache
  forEach: ForEachRecord
  /** The table as aggregators and exporters use it. */
  table: (table: MemoryCountStore) => MemoryCountStore
  /** The table as the closer uses it. */
  closerTable: (table: MemoryCountStore) => MemoryCountStore
  outbox: (outbox: Outbox, table: MemoryCountStore) => Outbox
  timeSeries: (sink: WindowSink) => WindowSink
}

/** As the handler has it: each record on its own; what throws is told back. */
const forEach: ForEachRecord = (records, fold) =>
  records.filter((record) => {
    try {
      fold(record)
      return false
    } catch {
      return true
    }
  })

export const product: Product = {
  aggregate,
  pollCache,
  forEach,
  table: (table) => table,
  closerTable: (table) => table,
  outbox: (outbox) => outbox,
  timeSeries: (sink) => sink,
}
