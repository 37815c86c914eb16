import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

/** A file of the dashboard, held in memory. */
export type SiteFile = { body: Buffer; headers: Record<string, string> }
export type Site = ReadonlyMap<string, SiteFile>

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

/** Reads the built dashboard. Files under `/assets/` carry a hash in their names and may be kept for ever. */
export const readSite = async (folder: string, contentSecurityPolicy: string): Promise<Site> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  const site = new Map<string, SiteFile>()
  for (const file of files) {
    const path = join(file.parentPath, file.name)
    const url = `/${relative(folder, path).split(sep).join('/')}`
    const body = await readFile(path)
    const headers = {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'cache-control': url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    }
    site.set(url, { body, headers })
    if (url === '/index.html') site.set('/', { body, headers })
  }
  return site
}
