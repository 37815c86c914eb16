import { constants, setPriority } from 'node:os'

/**
 * Lets all other threads go first where the processor is short: the archive may be behind for a while, votes may not. Linux
 * has a priority for each thread (nice 10, of this one alone); other systems have one for the process, which is left as it is.
 */
export const workInBackground = (): void => {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
}
