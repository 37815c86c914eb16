import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Archive, ArchiveError, folderArchive } from '../../../aggregators/audit/archive.ts'
import { pipeline } from '../../config.ts'
import { type CommandLine, type Flags, UsageError } from '../command.ts'
import { expectOneInstance, findInstance, type Instance } from '../instance.ts'
import { type OnDownload, s3Archive } from './s3-archive.ts'

/** The flag that names an archive. */
export const archiveFlag = {
  from: {
    value: 'PLACE',
    says: 'a data folder, an export folder or s3://BUCKET/PREFIX (without it, --data-dir, or the stack of --aws)',
  },
} as const satisfies Flags

/** Where an archive is. `dataFolder`: of the instance that writes it, where it lies in one. */
export type ArchivePlace = {
  archive: Archive
  says: string
  dataFolder: string | undefined
  close: () => Promise<void>
}

/**
 * The archive a command works on: `--from` (a data folder, an export folder or `s3://bucket/prefix`), else with `--aws` the
 * stack's bucket, else the one in `--data-dir`. Throws `UsageError`, `StackError` or `ArchiveError` where there is none.
 */
export const findArchive = async (line: CommandLine, onDownload: OnDownload): Promise<ArchivePlace> => {
  expectOneInstance(line)
  const from = line.text('from')
  if (from?.startsWith('s3://')) return inS3(from, onDownload)
  if (from === undefined && line.on('aws')) {
    const { archiveBucket } = await findInstance(line, process.env)
    return inS3(`s3://${archiveBucket}`, onDownload)
  }
  const folder = resolve(from ?? line.text('data-dir') ?? '.placar')
  const kept = join(folder, 's3', pipeline.audit.bucket)
  const nothing = async (): Promise<void> => {}
  if (await exists(kept))
    return { archive: folderArchive(kept), says: kept, dataFolder: folder, close: nothing }
  if ((await exists(join(folder, 'votes'))) || (await exists(join(folder, 'windows'))))
    return { archive: folderArchive(folder), says: folder, dataFolder: undefined, close: nothing }
  throw new ArchiveError(
    `There is no archive in ${folder}: expected a data folder (with s3/${pipeline.audit.bucket}) or an export folder (with votes and windows).`,
  )
}

/** What helps, besides a start, where the instance of a folder does not answer: its archive alone, if that was not asked for. */
export const orReadAlone = (line: CommandLine, { dataFolder }: Pick<Instance, 'dataFolder'>): string =>
  dataFolder === undefined || line.said('from') ? '' : `, or read the folder alone with --from ${dataFolder}`

const inS3 = async (from: string, onDownload: OnDownload): Promise<ArchivePlace> => {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(from) ?? []
  if (bucket === undefined)
    throw new UsageError(`--from must be s3://BUCKET or s3://BUCKET/PREFIX, not ${from}.`)
  const folder = await mkdtemp(join(tmpdir(), 'placar-export-'))
  const { archive, destroy } = s3Archive({ bucket, prefix, folder, onDownload })
  return {
    archive,
    says: from,
    dataFolder: undefined,
    close: async () => {
      destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
