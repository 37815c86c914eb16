import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type Certificate, certificateText, certify } from '../../../aggregators/audit/certificate.ts'
import { reportLines } from '../../../aggregators/audit/report.ts'
import { isSlug } from '../../../ingest/vote.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { type CommandLine, type Flags, UsageError } from '../command.ts'
import { instanceFlags } from '../instance.ts'
import { archiveFlag, findArchive } from './archive-place.ts'
import { readKey } from './certificate-key.ts'
import { certificatePage } from './certificate-page.ts'
import { type Recount, recountPoll } from './recount-poll.ts'
import { commandBar } from './step-bar.ts'

/** The flags of `npm run audit -- certificate`. */
export const certificateFlags = {
  poll: { value: 'ID', says: 'the poll; it must be final' },
  key: { value: 'FILE', says: 'a private Ed25519 key as PEM to sign with (without it, unsigned)' },
  out: { value: 'FOLDER', says: 'where the two files go', default: '.' },
  force: { says: 'replace the files of an earlier certificate' },
  ...archiveFlag,
  ...instanceFlags,
} as const satisfies Flags

/**
 * Recounts a poll and, only when everything agrees, writes what it found as `certificate-<poll>.json` and `.html`. Sets
 * the exit code: 0 written, 2 something disagrees, 3 the archive is not complete yet. Throws `UsageError`,
 * `InstanceError` or `ArchiveError`.
 */
export const certificate = async (line: CommandLine): Promise<void> => {
  const pollId = line.needed('poll')
  if (!isSlug(pollId)) throw new UsageError(`--poll must be 1 to 64 of a-z, 0-9 and "-", not ${pollId}.`)
  const files = filesFor(pollId, resolve(line.text('out') ?? '.'))
  if (!line.on('force')) expectNone(files)
  const keyFile = line.text('key')
  const key = keyFile === undefined ? undefined : await readKey(keyFile)
  const recount = await recounted(line)
  if (recount?.verification.verdict === 'agrees') await write(recount, key, files)
  else refuse(pollId, recount)
}

const recounted = async (line: CommandLine): Promise<Recount | undefined> => {
  const bar = commandBar()
  const place = await findArchive(line, (bytes, ofBytes) =>
    bar.show('downloading the archive', bytes / Math.max(1, ofBytes)),
  )
  try {
    return await recountPoll(line, place, (step, at, of) => bar.show(step, (at - 1) / of))
  } finally {
    bar.clear()
    await place.close()
  }
}

type CertificateFiles = { folder: string; json: string; page: string }

const filesFor = (pollId: string, folder: string): CertificateFiles => ({
  folder,
  json: join(folder, `certificate-${pollId}.json`),
  page: join(folder, `certificate-${pollId}.html`),
})

/** An earlier certificate may be the one that was published; each has its own time, so no two are the same. */
const expectNone = ({ json, page }: CertificateFiles): void => {
  for (const file of [json, page])
    if (existsSync(file))
      throw new UsageError(`${file} is there already; --force replaces it, --out names another folder.`)
}

const write = async (
  { verification, heads, notCompared }: Recount,
  key: KeyObject | undefined,
  { folder, json, page }: CertificateFiles,
): Promise<void> => {
  const checked = { at: Date.now(), placar: manifest.version, notCompared }
  const made: Certificate = certify(certificateText(verification, heads, checked), key)
  await mkdir(folder, { recursive: true })
  await writeFile(json, `${JSON.stringify(made)}\n`)
  await writeFile(page, certificatePage(made, basename(json)))
  console.log(`Poll ${verification.poll.id}: all agree.

Certificate  ${json}
To print     ${page}
SHA-256      ${made.sha256}
Signature    ${made.signature === null ? 'none: unsigned (--key FILE signs)' : 'Ed25519'}`)
}

const refuse = (pollId: string, recount: Recount | undefined): void => {
  if (recount === undefined) {
    console.error(
      `The archive has no last line of poll ${pollId}: the poll is not final, or that line has not arrived yet. No certificate is written.`,
    )
    process.exitCode = 3
    return
  }
  const { verification, board, notCompared } = recount
  for (const text of reportLines(verification, { board, notCompared })) console.log(text)
  console.error('\nNo certificate is written.')
  process.exitCode = verification.verdict === 'disagrees' ? 2 : 3
}
