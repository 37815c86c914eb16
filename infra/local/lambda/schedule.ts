import type { Log } from '../log-file.ts'

/** What EventBridge Scheduler does on AWS: runs something again and again, one run at a time. */
export type Schedule = {
  /** Runs it now, or at once after the run under way. */
  soon(): void
  /** There is no further run. Settles when the one under way has ended. */
  close(): Promise<void>
}

export type ScheduleOptions = {
  name: string
  /** @returns ms until the next run. A run that fails is tried again, more and more slowly. */
  run: () => Promise<number>
  log: Log
}

const firstRetryMs = 500
const longestRetryMs = 5000

export const startSchedule = ({ name, run, log }: ScheduleOptions): Schedule => {
  let open = true
  let failures = 0
  let asked = false
  let wake = (): void => {}

  const runOnce = async (): Promise<number> => {
    asked = false
    try {
      const nextMs = await run()
      if (failures > 0) log(`${name} works again, after ${failures} failures`)
      failures = 0
      return nextMs
    } catch (error) {
      // One line when trouble begins; what is wrong for hours must not roll everything else out of the log.
      if (failures === 0 && open) log(`${name} failed and will be tried again`, error)
      failures += 1
      return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 10))
    }
  }

  const loop = async (): Promise<void> => {
    while (open) {
      const pauseMs = await runOnce()
      if (!open || asked) continue
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, pauseMs)
        wake = () => {
          clearTimeout(timer)
          resume()
        }
      })
    }
  }
  const looping = loop()

  return {
    soon: () => {
      asked = true
      wake()
    },
    close: async () => {
      open = false
      wake()
      await looping
    },
  }
}
