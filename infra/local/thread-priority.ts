import { setPriority } from 'node:os'

/**
 * How far threads go behind the gateway's where the processor is short (Linux's nice): a voter waits for an answer, a count may come
 * some milliseconds later, and the archive minutes.
 */
export const behind = { handlers: 5, archive: 10 } as const

/** Lets others go first. Linux has a priority for each thread, and this sets that of the calling one; other systems have one for the process, which is left as it is. */
export const giveWay = (nice: number): void => {
  if (process.platform === 'linux') setPriority(nice)
}
