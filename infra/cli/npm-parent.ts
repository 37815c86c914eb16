import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * npm does not hand SIGTERM on to its script, and a shell may stand between the two. So Placar watches for the npm
 * that started it: when that is gone, whoever started it wants it stopped.
 */
const checkEveryMs = 500

/** The parent of a process, or `undefined` where it cannot be told. */
const parentOf = (pid: number): number | undefined => {
  const parent = Number(processField(pid, 'ppid'))
  return Number.isInteger(parent) && parent > 0 ? parent : undefined
}

/** Whether npm started us through a shell that did not make way for us. */
const isShell = (pid: number): boolean => /(^|\/)-?(ba|da|k|z)?sh$/.test(processField(pid, 'comm') ?? '')

const processField = (pid: number, field: 'ppid' | 'comm'): string | undefined => {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim()
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return new RegExp(`^${field === 'comm' ? 'Name' : 'PPid'}:\\s*(.*)$`, 'm').exec(status)?.[1]
  } catch {
    return undefined
  }
}

// Looked up when this module is loaded, first of all: npm may be gone by the time that Placar runs.
const startedByNpm = process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32'
const parent = process.ppid
const npmOfShell = startedByNpm && isShell(parent) ? parentOf(parent) : undefined

/** Calls `gone` once when the npm that started this process has ended; does nothing when no npm did. */
export const watchNpm = (gone: () => void): void => {
  if (!startedByNpm) return
  const timer = setInterval(() => {
    const orphaned = process.ppid !== parent
    const npmGone = npmOfShell !== undefined && parentOf(parent) !== npmOfShell
    if (!orphaned && !npmGone) return
    clearInterval(timer)
    gone()
  }, checkEveryMs)
  timer.unref()
}
