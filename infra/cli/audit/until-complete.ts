import { setTimeout as sleep } from 'node:timers/promises'
import type { Archive } from '../../../aggregators/audit/archive.ts'
import type { Expectation } from '../../../aggregators/audit/expectation.ts'
import { expectationOf } from '../../../aggregators/audit/poll-line.ts'
import type { Verification } from '../../../aggregators/audit/verification.ts'
import { type OnProgress, verify } from '../../../aggregators/audit/verify.ts'

/** How long an archive is waited for, and how often it is looked at. */
export type Patience = { forMs: number; everyMs: number }
export const patience: Patience = { forMs: 60_000, everyMs: 500 }

/** Waits, not for ever, for the poll's last line, which is written behind all parts up to the heads. */
export const untilLastLine = async (
  archive: Archive,
  expectation: Expectation,
  onProgress: OnProgress,
  patient: Patience = patience,
): Promise<void> => {
  const wait = waiting(archive, expectation, onProgress, patient)
  let files = await listing(archive, expectation)
  while (!wait.late() && (await expectationOf(archive, expectation.poll.id)) === undefined)
    files = await wait.changed(files)
}

/**
 * Verifies as soon as the archive has passed every close marker: first waits for the poll's last line, then recounts, and again
 * whenever files have come while something was missing.
 */
export const verifyWhenComplete = async (
  archive: Archive,
  expectation: Expectation,
  onProgress: OnProgress,
  patient: Patience = patience,
): Promise<Verification> => {
  const wait = waiting(archive, expectation, onProgress, patient)
  await untilLastLine(archive, expectation, onProgress, patient)
  let files = await listing(archive, expectation)
  for (;;) {
    const verification = await verify(archive, expectation, onProgress)
    if (verification.verdict !== 'incomplete' || wait.late()) return verification
    files = await wait.changed(files)
  }
}

const waiting = (
  archive: Archive,
  expectation: Expectation,
  onProgress: OnProgress,
  { forMs, everyMs }: Patience,
) => {
  const startedAt = performance.now()
  const late = (): boolean => performance.now() - startedAt >= forMs
  return {
    late,
    changed: async (before: string): Promise<string> => {
      onProgress('waiting for the archive', 0, 1)
      for (;;) {
        await sleep(everyMs)
        const now = await listing(archive, expectation)
        if (now !== before || late()) return now
      }
    },
  }
}

const listing = async (archive: Archive, { poll }: Expectation): Promise<string> =>
  [...(await archive.windowFiles()), ...(await archive.voteFiles(poll.createdAt))].join('\n')
