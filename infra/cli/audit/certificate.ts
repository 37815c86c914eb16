import type { KeyObject } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
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
  const keyFile = line.text('key')
  const key = keyFile === undefined ? undefined : await readKey(keyFile)
  const recount = await recounted(line)
  if (recount?.verification.verdict === 'agrees') await write(recount, key, resolve(line.text('out') ?? '.'))
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

const write = async (
  { verification, heads, notCompared }: Recount,
  key: KeyObject | undefined,
  folder: string,
): Promise<void> => {
  const checked = { at: Date.now(), placar: manifest.version, notCompared }
  const made: Certificate = certify(certificateText(verification, heads, checked), key)
  const name = `certificate-${verification.poll.id}`
  const [json, page] = [join(folder, `${name}.json`), join(folder, `${name}.html`)]
  await mkdir(folder, { recursive: true })
  await writeFile(json, `${JSON.stringify(made)}\n`)
  await writeFile(page, certificatePage(made, `${name}.json`))
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
