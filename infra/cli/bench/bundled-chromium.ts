import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** A browser's file, and what its process needs in its environment. */
export type Executable = { executablePath: string; env: Record<string, string> }

const project = join(import.meta.dirname, '../../..')

/**
 * The Chromium inside the npm package `@sparticuz/chromium`, for Linux x64. It is unpacked once for each version (two
 * seconds, 210 MB) and then kept in `node_modules/.cache`.
 *
 * It comes with the libraries and the font that a bare machine lacks: without NSS Chromium does not start, and without
 * any font a page has no text, not even for `innerText`.
 *
 * @throws when it cannot be unpacked
 */
export const bundledChromium = async (): Promise<Executable> => {
  const folder = join(project, 'node_modules/.cache/placar', `chromium-${await version()}`)
  if (!(await exists(folder))) await unpack(folder)
  const libraries = [process.env.LD_LIBRARY_PATH, join(folder, 'al2023/lib')].filter(Boolean).join(':')
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  }
}

const version = async (): Promise<string> => {
  const main = createRequire(import.meta.filename).resolve('@sparticuz/chromium')
  return JSON.parse(await readFile(join(dirname(main), '../../package.json'), 'utf8')).version
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** The package unpacks into the folder for temporary files, and takes half a file there for a whole one: hence one of its own. */
const unpack = async (folder: string): Promise<void> => {
  await mkdir(dirname(folder), { recursive: true })
  const fresh = await mkdtemp(`${folder}-`)
  try {
    const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()"
    // Told that it runs on Lambda, it unpacks the libraries too.
    const env = { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: project,
      env,
    })
    await writeFile(join(fresh, 'fonts.conf'), fontsConf(folder))
    await rename(fresh, folder)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // Another run may have been as quick.
    if (!(await exists(folder))) throw error
  }
}

/** The package's own configuration names folders that exist on Lambda only. */
const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts/fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`
