import type { Heads } from '../../../aggregators/archive-line.ts'
import type { CertificateBody } from '../../../aggregators/audit/expectation.ts'
import { expectationOf } from '../../../aggregators/audit/poll-line.ts'
import type { Verification } from '../../../aggregators/audit/verification.ts'
import { type OnProgress, verify } from '../../../aggregators/audit/verify.ts'
import type { CommandLine } from '../command.ts'
import type { ArchivePlace } from './archive-place.ts'
import { instanceSide } from './instance-side.ts'
import { untilLastLine, verifyWhenComplete } from './until-complete.ts'

/** A recount, with what it was compared with. `board`: what the last column of its report is. */
export type Recount = { verification: Verification; heads: Heads; board: string; notCompared: string[] }

/**
 * Recounts a poll, against the count table of its instance where there is one, for which the archive is waited for, else
 * against the archive's own last line; `undefined` when that is not there.
 *
 * @param certificate a published one to compare with as well
 */
export const recountPoll = async (
  line: CommandLine,
  place: ArchivePlace,
  onProgress: OnProgress,
  certificate?: CertificateBody,
): Promise<Recount | undefined> => {
  const pollId = line.needed('poll')
  const published = certificate === undefined ? {} : { certificate }
  const named = ['endpoint-url', 'data-dir', 'aws'].some(line.said) || line.text('from') === undefined
  const readSide = () => instanceSide(instanceLine(line, place), pollId, named)
  let side = await readSide()
  if ('expectation' in side && side.expectation.heads === undefined) {
    // Parts are still on their way: what the ledgers say before the last line is written is not their last word.
    await untilLastLine(place.archive, side.expectation, onProgress)
    side = await readSide()
  }
  if ('expectation' in side) {
    const { expectation } = side
    const verification = await verifyWhenComplete(place.archive, { ...expectation, ...published }, onProgress)
    if (expectation.heads !== undefined)
      return { verification, heads: expectation.heads, board: 'scoreboard', notCompared: [] }
    const heads = (await expectationOf(place.archive, pollId))?.heads ?? {}
    const notCompared = ['the heads with the table, which has none yet']
    return { verification, heads, board: 'scoreboard', notCompared }
  }
  const expectation = await expectationOf(place.archive, pollId)
  if (expectation === undefined) return undefined
  const instead = `the last column and the heads are the archive's own last line${certificate === undefined ? '' : ', compared with the certificate'}`
  return {
    verification: await verify(place.archive, { ...expectation, ...published }, onProgress),
    heads: expectation.heads ?? {},
    board: 'last line',
    notCompared: [`the scoreboard and the heads in the table (${side.absent}); ${instead}`],
  }
}

/** An archive in a data folder belongs to the instance of that folder. */
const instanceLine = (line: CommandLine, { dataFolder }: ArchivePlace): CommandLine => ({
  ...line,
  text: (name) =>
    name === 'data-dir' && !line.said(name) ? (dataFolder ?? line.text(name)) : line.text(name),
})
