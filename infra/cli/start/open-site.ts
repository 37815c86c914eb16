import { buildSite, contentSecurityPolicy } from '../../../dashboard/build.ts'
import { readSite, type Site, type SiteFile } from '../../local/gateway/site.ts'

/** The dashboard's files. The page is built on first start; the map fills when it is done, and votes need not wait. */
export const openSite = (): { site: Site; built: Promise<void> } => {
  const site = new Map<string, SiteFile>()
  const built = buildSite().then(async (folder) => {
    for (const [path, file] of await readSite(folder, contentSecurityPolicy)) site.set(path, file)
  })
  built.catch(() => {}) // told to whoever awaits it
  return { site, built }
}
