import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, relative, sep } from 'node:path'
import { onTestFinished } from 'vitest'
import { type AnArchive, writeLines } from '../../aggregators/audit/an-archive.ts'
import { temporaryFolder } from '../local/temporary-folder.ts'

/** As many keys as one answer names; S3 names a thousand. */
const pageSize = 2

/**
 * The two requests of S3 that an audit makes, on loopback: ListObjectsV2 with StartAfter and continuation, and GetObject,
 * with the bucket in the path. Signatures are not checked. `asked`: what was requested, in order.
 */
export const openS3 = async (
  bucket: string,
  objects: ReadonlyMap<string, Buffer>,
): Promise<{ url: string; asked: string[] }> => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3')
    const key = decodeURIComponent(pathname.slice(bucket.length + 2))
    asked.push(
      key === '' ? `list ${searchParams.get('prefix')} ${searchParams.get('start-after') ?? ''}`.trim() : key,
    )
    const body = pathname.startsWith(`/${bucket}`) ? objects.get(key) : undefined
    if (body !== undefined) response.end(body)
    else if (key === '' && pathname.startsWith(`/${bucket}`))
      response.setHeader('Content-Type', 'application/xml').end(listing(searchParams, objects))
    else
      response
        .writeHead(404)
        .end('<Error><Code>NoSuchBucket</Code><Message>There is no such bucket</Message></Error>')
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** An archive's files as objects, by key. `prefix`: what stands before `votes/` and `windows/`. */
export const archiveObjects = async (lines: AnArchive, prefix = ''): Promise<Map<string, Buffer>> => {
  const folder = await temporaryFolder()
  await writeLines(folder, lines)
  const objects = new Map<string, Buffer>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    objects.set(prefix + relative(folder, path).replaceAll(sep, '/'), await readFile(path))
  }
  return objects
}

const listing = (query: URLSearchParams, objects: ReadonlyMap<string, Buffer>): string => {
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
    .sort()
  const page = keys.slice(0, pageSize)
  const more = keys.length > page.length
  const contents = page.map(
    (key) => `<Contents><Key>${key}</Key><Size>${objects.get(key)?.length}</Size></Contents>`,
  )
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`
}
