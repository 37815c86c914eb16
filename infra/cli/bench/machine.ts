import { cpus, totalmem } from 'node:os'

/** The machine, Node and day of a measurement, in one line. */
export const machineLine = (now: Date): string => {
  const all = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${all.length} × ${all[0]?.model ?? 'unknown CPU'}, ${memory} GiB, ${process.platform}, Node ${process.version}, ${now.toISOString().slice(0, 10)}`
}
