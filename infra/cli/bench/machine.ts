import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

/** The machine, Node and day of a measurement, in one line. */
export const machineLine = (now: Date): string => {
  const all = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${all.length} × ${all[0]?.model ?? 'unknown CPU'}, ${memory} GiB, ${process.platform}, Node ${process.version}, ${now.toISOString().slice(0, 10)}`
}

const packages = join(import.meta.dirname, '..', '..', '..', 'node_modules')

/** An installed package and its version, as in `fastify 5.12.8`. */
export const packageVersion = (name: string): string => {
  const { version } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
  return `${name} ${version}`
}
