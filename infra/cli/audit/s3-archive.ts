import { createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline as connect } from 'node:stream/promises'
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { type Archive, ArchiveError, hourOf } from '../../../aggregators/audit/archive.ts'
import { setRegion } from '../stack-error.ts'

/** Told after each file: how many bytes are here, of how many. */
export type OnDownload = (bytes: number, ofBytes: number) => void

type S3ArchiveOptions = { bucket: string; prefix: string; folder: string; onDownload: OnDownload }

/** Files fetched at once. */
const parallel = 8

/**
 * An archive in a bucket, downloaded to `folder` as far as it is asked for. `prefix`: what stands before `votes/` and
 * `windows/`. With an endpoint of its own (`AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`) the bucket is put into the path.
 */
export const s3Archive = (options: S3ArchiveOptions): { archive: Archive; destroy: () => void } => {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env
  const client = new S3Client({
    followRegionRedirects: true,
    forcePathStyle: (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined,
  })
  const fetched = new Set<string>()
  const fetchAll = (below: string, after: string): Promise<string[]> =>
    explained(options.bucket, () => download(client, options, below, after, fetched))
  return {
    archive: {
      windowFiles: () => fetchAll('windows/', ''),
      voteFiles: (fromMs) => fetchAll('votes/', `votes/${hourOf(fromMs)}`),
    },
    destroy: () => client.destroy(),
  }
}

type Listed = { key: string; bytes: number }

const download = async (
  client: S3Client,
  { bucket, prefix, folder, onDownload }: S3ArchiveOptions,
  below: string,
  after: string,
  fetched: Set<string>,
): Promise<string[]> => {
  const base = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const listed = await list(client, bucket, base + below, after === '' ? undefined : base + after)
  const waiting = listed.filter(({ key }) => !fetched.has(key))
  const total = waiting.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const pathOf = (key: string): string => join(folder, key.slice(base.length))
  const fetchNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await fetchOne(client, bucket, next.key, pathOf(next.key))
      fetched.add(next.key)
      done += next.bytes
      onDownload(done, total)
    }
  }
  await Promise.all(Array.from({ length: parallel }, fetchNext))
  return listed.map(({ key }) => pathOf(key))
}

const list = async (
  client: S3Client,
  Bucket: string,
  Prefix: string,
  StartAfter: string | undefined,
): Promise<Listed[]> => {
  const listed: Listed[] = []
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix, StartAfter }))
    for (const { Key = '', Size = 0 } of Contents) {
      // A key becomes a path; none may lead out of the folder.
      if (Key.endsWith('.gz') && !Key.split('/').includes('..')) listed.push({ key: Key, bytes: Size })
    }
  return listed
}

const fetchOne = async (client: S3Client, Bucket: string, Key: string, path: string): Promise<void> => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
  await mkdir(dirname(path), { recursive: true })
  await connect(Body as Readable, createWriteStream(`${path}.part`))
  await rename(`${path}.part`, path)
}

const explained = async <T>(bucket: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException
    const says = message || code || name
    // The SDK's own words; it has no name for this error.
    const hint = says === 'Region is missing' ? `. ${setRegion}` : ''
    throw new ArchiveError(`The bucket ${bucket} cannot be read: ${says}${hint}`, { cause: error })
  }
}
