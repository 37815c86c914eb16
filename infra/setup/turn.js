import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Waits until no other set-up works in this folder: two npm in one node_modules spoil each other.
 *
 * The turn is a file that only one can create. Its holder touches it every second, for Node can take no lock that the
 * system releases on death; a turn that nobody touches any more is taken over. (Not told by process id alone: after a
 * restart, or in a container that shares the folder, that is somebody else's or nobody's.) But npm can outlive the set-up
 * that was killed, so its process id stands in the file, and while that runs the turn is not free.
 *
 * @param waiting called once if the turn is not free
 * @returns `note(npmPid)` and `end()`
 * @throws Error when the turn has not become free within `giveUpAfterMs`
 */
export const takeTurn = async (
  file,
  waiting,
  { beatMs = 1000, pollMs = 200, deadAfterMs = 10_000, giveUpAfterMs = 600_000 } = {},
) => {
  const me = randomUUID()
  const begun = performance.now()
  let seen = ''
  let seenAt = begun
  for (let first = true; !create(file, me); first = false) {
    if (first) waiting()
    const now = performance.now()
    const sign = signOfLife(file)
    if (sign !== seen) {
      seen = sign
      seenAt = now
    } else if (now - seenAt > deadAfterMs && !isRunning(npmOf(file))) {
      // Several may do this at once: the last to replace the file has it, and all look again after a while.
      writeFileSync(`${file}.${me}`, me)
      renameSync(`${file}.${me}`, file)
      await wait(5 * pollMs)
      if (holderOf(file) === me) break
    }
    if (now - begun > giveUpAfterMs)
      throw new Error(`another set-up has not finished; if none is running, delete ${file}.`)
    await wait(pollMs)
  }

  const beat = setInterval(() => touch(file), beatMs)
  return {
    note: (npmPid) => writeFileSync(file, `${me} ${npmPid}`),
    end: () => {
      clearInterval(beat)
      if (holderOf(file) === me) rmSync(file, { force: true })
    },
  }
}

const create = (file, me) => {
  try {
    writeFileSync(file, me, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

const signOfLife = (file) => unlessGone(() => `${statSync(file).mtimeMs} ${readFileSync(file, 'utf8')}`)
const holderOf = (file) => unlessGone(() => readFileSync(file, 'utf8').split(' ')[0])
const npmOf = (file) => Number(unlessGone(() => readFileSync(file, 'utf8').split(' ')[1]))
const touch = (file) => unlessGone(() => utimesSync(file, new Date(), new Date()))

const unlessGone = (act) => {
  try {
    return act()
  } catch (error) {
    if (error.code === 'ENOENT') return 'gone'
    throw error
  }
}

const isRunning = (pid) => {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
