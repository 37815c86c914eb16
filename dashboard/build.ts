import { fork } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'

/** Where the built page is served from. */
export const siteFolder = join(import.meta.dirname, 'dist')

/** Sent with every answer that is part of the page. The page holds to it: no inline script or style, no other origin. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const projectFolder = dirname(import.meta.dirname)
const sourceFolder = join(import.meta.dirname, 'site')

const markName = '.built-from'

/** A builder that crashed leaves a folder; one of this age is nobody's work any more. */
const abandonedAfterMs = 10 * 60_000

/**
 * Builds the page into `folder` unless the one there is of the present sources, and resolves to `folder`.
 *
 * It is built beside `folder` and then put in its place, so a crash leaves the old page or none, never half of one, and
 * two processes at once each put a whole one there. Vite runs in a process of its own: loaded into a
 * server it would keep some 150 MB there for good, and set its NODE_ENV.
 *
 * @throws when the sources do not build; Vite's own message is on stderr
 */
export const buildSite = async (folder = siteFolder): Promise<string> => {
  const mark = await sourcesHash()
  if (await isCurrent(folder, mark)) return folder
  await mkdir(dirname(folder), { recursive: true })
  await removeAbandoned(folder)
  const fresh = besideOf(folder)
  try {
    await runVite(fresh)
    await writeFile(join(fresh, markName), mark)
    await putInPlace(fresh, folder, mark)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return folder
}

const isCurrent = async (folder: string, mark: string): Promise<boolean> =>
  (await readFile(join(folder, markName), 'utf8').catch(() => '')) === mark

/** Over all that the page is made of: its own files, the modules they import from outside, the configuration, the packages. */
const sourcesHash = async (): Promise<string> => {
  const files = await readdir(sourceFolder, { recursive: true, withFileTypes: true })
  const queue = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  queue.push(join(import.meta.dirname, 'vite.config.ts'), join(projectFolder, 'package-lock.json'))
  const contents = new Map<string, Buffer>()
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (contents.has(file)) continue
    const content = await readFile(file)
    contents.set(file, content)
    if (file.endsWith('.ts')) queue.push(...importsOf(file, content.toString()))
  }
  const hash = createHash('sha256')
  for (const [file, content] of [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${relative(projectFolder, file)}\n${content.length}\n`).update(content)
  return hash.digest('hex')
}

const importsOf = (file: string, code: string): string[] =>
  [...code.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) => join(dirname(file), path))

const besideOf = (folder: string): string => join(dirname(folder), `.${basename(folder)}-${randomUUID()}`)

const runVite = async (outDir: string): Promise<void> => {
  const builder = fork(import.meta.filename, [outDir], { env: { ...process.env, NODE_ENV: 'production' } })
  const [code] = await once(builder, 'exit')
  if (code !== 0) throw new Error(`The page could not be built from dashboard/site: Vite ended with ${code}.`)
}

/** A folder cannot replace another in one step, so the old one is moved away first; somebody else may be as quick. */
const putInPlace = async (fresh: string, folder: string, mark: string): Promise<void> => {
  const old = besideOf(folder)
  for (let attempt = 1; ; attempt++) {
    await rename(folder, old).catch(unless('ENOENT'))
    const failure = await rename(fresh, folder).then(() => undefined, unless('ENOTEMPTY', 'EEXIST', 'EPERM'))
    await rm(old, { recursive: true, force: true })
    if (failure === undefined || (await isCurrent(folder, mark))) return
    if (attempt === 5) throw failure
  }
}

/** Resolves to the expected error, and throws any other. */
const unless =
  (...expected: string[]) =>
  (error: NodeJS.ErrnoException): NodeJS.ErrnoException => {
    if (expected.includes(error.code ?? '')) return error
    throw error
  }

const removeAbandoned = async (folder: string): Promise<void> => {
  const beside = await readdir(dirname(folder))
  for (const name of beside.filter((one) => one.startsWith(`.${basename(folder)}-`))) {
    const path = join(dirname(folder), name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}

/** The builder's process: `node dashboard/build.ts <folder>`. */
if (import.meta.main) {
  const [{ build }, { default: config }] = await Promise.all([import('vite'), import('./vite.config.ts')])
  await build({ ...config, build: { ...config.build, outDir: process.argv[2] ?? siteFolder } })
}
