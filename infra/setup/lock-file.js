import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What set-up goes by in package-lock.json: a hash of its bytes; its packages, folder → `{ version, integrity, … }`; and
 * the version of the npm package `node`, whose major is the Node that the scripts are written for.
 *
 * @throws Error when the file is missing or is no lock file of ours
 */
export const readLock = (root) => {
  const bytes = readFileSync(join(root, 'package-lock.json'))
  const { packages } = JSON.parse(bytes.toString('utf8'))
  const nodeVersion = packages?.['node_modules/node']?.version
  if (nodeVersion === undefined)
    throw new Error('package-lock.json does not name the package "node"; restore the file from git.')
  return { hash: sha256(bytes), packages, nodeVersion }
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
