import { readdirSync, readFileSync } from 'node:fs'

/** What processes use together: memory now, and CPU time since their start. */
export type TreeUsage = { rssBytes: number; cpuSeconds: number }

/** The kernel tells CPU time in hundredths of a second, whatever its own clock (proc(5), sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100

/**
 * Every process that this one, or one of its children, has started. `undefined` where there is no /proc to tell, which is
 * everywhere but on Linux.
 */
export const processesBelow = (pid: number): number[] | undefined => {
  let names: string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return undefined
  }
  const parents = names.filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), parentOf(name)])
  const below: number[] = []
  for (let generation = [pid]; generation.length > 0; ) {
    generation = parents.flatMap(([child, parent]) =>
      child !== undefined && parent !== undefined && generation.includes(parent) ? [child] : [],
    )
    below.push(...generation)
  }
  return below
}

/** The sums over processes; one that has ended counts no more. */
export const usageOf = (pids: readonly number[]): TreeUsage => {
  const sum: TreeUsage = { rssBytes: 0, cpuSeconds: 0 }
  for (const pid of pids) {
    sum.rssBytes += Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`${pid}/status`))?.[1] ?? 0) * 1024
    const [userTicks = 0, systemTicks = 0] = statOf(`${pid}`).slice(11, 13).map(Number)
    sum.cpuSeconds += (userTicks + systemTicks) / ticksPerSecond
  }
  return sum
}

const parentOf = (pid: string): number => Number(statOf(pid)[1])

/** The fields of stat behind the name, which may hold spaces and brackets: state, parent, … */
const statOf = (pid: string): string[] => {
  const text = read(`${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Empty of a process that has ended. */
const read = (path: string): string => {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}
