import { reportLines } from '../../../aggregators/audit/report.ts'
import type { Verification } from '../../../aggregators/audit/verification.ts'
import type { OnProgress } from '../../../aggregators/audit/verify.ts'
import type { CommandLine, Flags } from '../command.ts'
import { instanceFlags } from '../instance.ts'
import { archiveFlag, findArchive } from './archive-place.ts'
import { readPublishedCertificate } from './published-certificate.ts'
import { recountPoll } from './recount-poll.ts'
import { commandBar } from './step-bar.ts'

/** The flags of `npm run audit -- verify`. */
export const verifyFlags = {
  poll: { value: 'ID', says: 'the poll' },
  ...archiveFlag,
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
  const file = line.text('certificate')
  const certificate = file === undefined ? undefined : await readPublishedCertificate(file)
  const bar = commandBar()
  const place = await findArchive(line, (bytes, ofBytes) =>
    bar.show(`downloading, ${megabytes(bytes)} of ${megabytes(ofBytes)} MB`, bytes / Math.max(1, ofBytes)),
  )
  try {
    const onProgress: OnProgress = (step, at, of) => bar.show(step, (at - 1) / of)
    const outcome = await recountPoll(line, place, onProgress, certificate)
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

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
