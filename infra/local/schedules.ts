import type { CloseReport } from '../../aggregators/close/close-polls.ts'
import { pipeline } from '../config.ts'
import { invoke } from './lambda/invoke.ts'
import { startSchedule } from './lambda/schedule.ts'
import type { WorkerPool } from './lambda/worker-pool.ts'
import type { Log } from './log-file.ts'

/** AWS runs both once a minute, and the closer besides at the moment when a poll closes. */
const everyMs = 1000

/** Both can be cut off at any moment, and repeat what they had not done. */
const graceMs = 2000

/**
 * Runs the closer and the exporter: each once a second, the closer also when a poll's time has come, the exporter also when
 * a poll has become final. EventBridge Scheduler's part on AWS. Each has a pool of its own: closing must not wait for a
 * sink that is slow.
 */
export const startSchedules = (
  pools: { close: WorkerPool; export: WorkerPool },
  now: () => number,
  log: Log,
): { close(): Promise<unknown> } => {
  const exporting = startSchedule({
    name: pipeline.exporter.functionName,
    run: async () => {
      await invoke(pools.export, pipeline.exporter, {})
      return everyMs
    },
    log,
  })
  const closing = startSchedule({
    name: pipeline.closer.functionName,
    run: async () => {
      const { final, closing, nextDueAt } = await invoke<CloseReport>(pools.close, pipeline.closer, {})
      if (final.length > 0) exporting.soon()
      if (closing.length > 0) return 0
      return nextDueAt === null ? everyMs : Math.min(everyMs, Math.max(0, nextDueAt - now()))
    },
    log,
  })
  return {
    close: () =>
      Promise.all([
        closing.close(),
        exporting.close(),
        pools.close.close(graceMs),
        pools.export.close(graceMs),
      ]),
  }
}
