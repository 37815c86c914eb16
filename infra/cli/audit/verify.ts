import { readFile } from 'node:fs/promises'
import type { CertificateBody } from '../../../aggregators/audit/expectation.ts'
import { expectationOf } from '../../../aggregators/audit/poll-line.ts'
import { reportLines } from '../../../aggregators/audit/report.ts'
import type { Verification } from '../../../aggregators/audit/verification.ts'
import { type OnProgress, verify } from '../../../aggregators/audit/verify.ts'
import { type CommandLine, type Flags, UsageError } from '../command.ts'
import { instanceFlags } from '../instance.ts'
import { type ArchivePlace, findArchive } from './archive-place.ts'
import { instanceSide } from './instance-side.ts'
import { type StepBar, stepBar } from './step-bar.ts'
import { verifyWhenComplete } from './until-complete.ts'

/** The flags of `npm run audit -- verify`. */
export const verifyFlags = {
  poll: { value: 'ID', says: 'the poll' },
  from: {
    value: 'PLACE',
    says: 'a data folder, an export folder or s3://BUCKET/PREFIX (without it, --data-dir)',
  },
  certificate: { value: 'FILE', says: 'a published certificate to compare with' },
  ...instanceFlags,
} as const satisfies Flags

const exitCodes: Readonly<Record<Verification['verdict'], number>> = {
  agrees: 0,
  disagrees: 2,
  incomplete: 3,
}

/** Recounts a poll and prints the report; sets the exit code: 0 all agree, 2 something disagrees, 3 not complete yet. */
export const verifyCommand = async (line: CommandLine): Promise<void> => {
  const pollId = line.needed('poll')
  const bar = stepBar(
    (text) => process.stderr.write(text),
    () => performance.now(),
    process.stderr.isTTY,
  )
  const place = await findArchive(line, (bytes, ofBytes) =>
    bar.show(`downloading, ${megabytes(bytes)} of ${megabytes(ofBytes)} MB`, bytes / Math.max(1, ofBytes)),
  )
  try {
    const outcome = await run(line, pollId, place, bar)
    bar.clear()
    if (outcome === undefined) {
      console.log(
        `There is no last line of a poll ${pollId} in ${place.says}.\n\nVerdict: archive not complete yet.`,
      )
      process.exitCode = exitCodes.incomplete
      return
    }
    const { verification, board, notCompared } = outcome
    for (const text of reportLines(verification, { board, notCompared })) console.log(text)
    process.exitCode = exitCodes[verification.verdict]
  } finally {
    bar.clear()
    await place.close()
  }
}

type Outcome = { verification: Verification; board: string; notCompared: string[] }

const run = async (
  line: CommandLine,
  pollId: string,
  place: ArchivePlace,
  bar: StepBar,
): Promise<Outcome | undefined> => {
  const certificate = await readCertificate(line)
  const onProgress: OnProgress = (step, at, of) => bar.show(step, (at - 1) / of)
  const named = ['endpoint-url', 'data-dir', 'aws'].some(line.said) || line.text('from') === undefined
  const side = await instanceSide(instanceLine(line, place), pollId, named)
  if ('expectation' in side) {
    const expectation = { ...side.expectation, ...certificate }
    const verification = await verifyWhenComplete(place.archive, expectation, onProgress)
    const notCompared =
      expectation.heads === undefined ? ['the heads with the table, which has none yet'] : []
    return { verification, board: 'scoreboard', notCompared }
  }
  const expectation = await expectationOf(place.archive, pollId)
  if (expectation === undefined) return undefined
  const notCompared = [
    `the scoreboard and the heads in the table (${side.absent}); the last column and the heads are the archive's own last line`,
  ]
  if (certificate.certificate !== undefined) notCompared[0] += ', compared with the certificate'
  const verification = await verify(place.archive, { ...expectation, ...certificate }, onProgress)
  return { verification, board: 'last line', notCompared }
}

/** An archive in a data folder belongs to the instance of that folder. */
const instanceLine = (line: CommandLine, { dataFolder }: ArchivePlace): CommandLine => ({
  ...line,
  text: (name) =>
    name === 'data-dir' && !line.said(name) ? (dataFolder ?? line.text(name)) : line.text(name),
})

const readCertificate = async (line: CommandLine): Promise<{ certificate?: CertificateBody }> => {
  const file = line.text('certificate')
  if (file === undefined) return {}
  try {
    const { body } = JSON.parse(await readFile(file, 'utf8')) as { body: string }
    const certificate = JSON.parse(body) as CertificateBody
    if (certificate.poll && certificate.result && certificate.heads) return { certificate }
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a certificate: ${(error as Error).message}`)
  }
  throw new UsageError(`${file} is no certificate: its body has no poll, result or heads.`)
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
