import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildSite, contentSecurityPolicy } from '../../../dashboard/build.ts'

let place: string
let site: string

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'placar-site-'))
  site = join(place, 'dist')
  await buildSite(site)
}, 60_000)
afterAll(() => rm(place, { recursive: true, force: true }))

const page = () => readFile(join(site, 'index.html'), 'utf8')

describe('the built page', () => {
  test('every script, style and icon is a file of its own, named by a hash of what it holds', async () => {
    const links = [...(await page()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, link = '']) => link)
    expect(links.map((link) => link.replace(/.*\./, '')).toSorted()).toEqual(['css', 'js', 'svg'])
    for (const link of links) {
      expect(link).toMatch(/^\/assets\/\w+-[\w-]{8}\.\w+$/)
      expect((await stat(join(site, link))).size).toBeGreaterThan(0)
    }
  })

  test('nothing in it needs unsafe-inline, nor a data: URL', async () => {
    const html = await page()
    expect(html).not.toMatch(/<style|style="|\son\w+="|data:/)
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/)
    expect(contentSecurityPolicy).not.toContain('unsafe')
  })
})

describe('building again', () => {
  const identity = async () => (await stat(site)).ino

  test('the same sources are not built twice', async () => {
    const before = await identity()
    expect(await buildSite(site)).toBe(site)
    expect(await identity()).toBe(before)
  })

  test('a page of other sources, or half of one, is replaced whole', async () => {
    await writeFile(join(site, '.built-from'), 'something else')
    await writeFile(join(site, 'left-over.js'), '')
    await buildSite(site)
    expect(await readdir(site)).not.toContain('left-over.js')
    expect(await page()).toContain('<title>Placar</title>')
  }, 60_000)

  test('two at once both end with a whole page, and leave nothing beside it', async () => {
    await rm(site, { recursive: true })
    await Promise.all([buildSite(site), buildSite(site)])
    expect(await page()).toContain('<title>Placar</title>')
    expect(await readdir(place)).toEqual(['dist'])
  }, 60_000)

  test('what a crashed builder left long ago is cleared away, and the work of a living one is not', async () => {
    const [abandoned, living] = [join(place, '.dist-abandoned'), join(place, '.dist-living')]
    await mkdir(abandoned)
    await mkdir(living)
    await utimes(abandoned, 0, 0)
    await rm(site, { recursive: true })
    await buildSite(site)
    expect((await readdir(place)).toSorted()).toEqual(['.dist-living', 'dist'])
    await rm(living, { recursive: true })
  }, 60_000)
})
