import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** A file of the archive before it is written: where, and its lines. */
export type ArchiveFile = { path: string; lines: readonly string[] }

/** The key Firehose gives a file: the UTC hour of delivery is its folder. */
export const archivePath = (kind: 'votes' | 'windows', deliveredAt: number, number: number): string => {
  const moment = new Date(deliveredAt).toISOString()
  const [date = '', hour = ''] = moment.split(/[T:]/)
  const stamp = moment.slice(0, 19).replaceAll(/[T:]/g, '-')
  return `${kind}/${date.replaceAll('-', '/')}/${hour}/placar-${kind}-1-${stamp}-${number}.gz`
}

export const writeArchive = async (folder: string, files: readonly ArchiveFile[]): Promise<void> => {
  for (const { path, lines } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), gzipSync(lines.join('')))
  }
}
