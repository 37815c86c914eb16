import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from './lock-file.js'

// The mark that a finished install leaves in node_modules. It holds for this lock file on this platform, and only while
// npm's own record of what lies in node_modules is the one it wrote then: any npm command by hand rewrites that record.
const markFile = (root) => join(root, 'node_modules', '.placar-setup.json')
const npmRecordFile = (root) => join(root, 'node_modules', '.package-lock.json')

/** Whether an install of this lock file has finished that covers `wanted` (`all` covers `runtime`). */
export const isInstalled = (root, lock, wanted) => {
  const mark = readMark(root)
  return (
    mark.state === 'installed' &&
    mark.lock === lock.hash &&
    mark.platform === platform() &&
    mark.npmRecord === npmRecordHash(root) &&
    (mark.set === wanted || mark.set === 'all')
  )
}

/** The set to install: never less than is there, so that `npm start` does not remove what `npm test` has brought. */
export const setToInstall = (root, wanted) => {
  const { set, packages = npmRecord(root) } = readMark(root)
  const hasDev = Object.values(packages).some(({ dev }) => dev === true)
  return wanted === 'all' || set === 'all' || hasDev ? 'all' : 'runtime'
}

/**
 * Notes that an install has begun. npm takes a package folder that exists for a whole one, which after a kill it may not
 * be; so if the last install never finished, what it had to add or change is removed first, and nothing else: a server
 * may be running on the rest.
 *
 * @param reinstallNode whether the package `node` is to be installed anew, because its install script has not run
 */
export const beginInstall = (root, lock, { reinstallNode }) => {
  const mark = readMark(root)
  const unfinished = mark.state === 'installing'
  const packages = unfinished ? mark.packages : npmRecord(root)
  const doubtful = unfinished ? changed(packages, lock.packages) : []
  if (reinstallNode) doubtful.push('node_modules/node')
  for (const folder of doubtful) rmSync(join(root, folder), { recursive: true, force: true })
  writeMark(root, { state: 'installing', set: mark.set, packages })
}

/** Notes that an install of this set has finished. */
export const endInstall = (root, lock, set) =>
  writeMark(root, {
    state: 'installed',
    lock: lock.hash,
    platform: platform(),
    set,
    npmRecord: npmRecordHash(root),
  })

const changed = (before, after) =>
  Object.keys({ ...before, ...after }).filter(
    (folder) =>
      folder.startsWith('node_modules/') &&
      (before[folder]?.version !== after[folder]?.version ||
        before[folder]?.integrity !== after[folder]?.integrity),
  )

const readMark = (root) => readJson(markFile(root)) ?? {}
const writeMark = (root, mark) => writeFileSync(markFile(root), `${JSON.stringify(mark)}\n`)
const npmRecord = (root) => readJson(npmRecordFile(root))?.packages ?? {}

const npmRecordHash = (root) => {
  const bytes = read(npmRecordFile(root))
  return bytes && sha256(bytes)
}

/** Native packages differ by these three; the C library is told by its loader script, since asking Node takes 10s of ms. */
const platform = () => {
  const musl = process.platform === 'linux' && read('/usr/bin/ldd')?.includes('musl')
  return `${process.platform}-${process.arch}${musl ? '-musl' : ''}`
}

/** A torn mark counts as none: the install is then done again. */
const readJson = (file) => {
  try {
    return JSON.parse(read(file) ?? 'null')
  } catch {
    return null
  }
}

const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
