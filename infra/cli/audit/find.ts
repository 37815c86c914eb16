import { type FindResult, find as findVote } from '../../../aggregators/audit/find.ts'
import { checksOf } from '../../../aggregators/audit/find-checks.ts'
import type { Sought } from '../../../aggregators/audit/find-records.ts'
import { isVoteId, readReceipt } from '../../../aggregators/audit/receipt.ts'
import { type CommandLine, type Flags, UsageError } from '../command.ts'
import { instanceFlags } from '../instance.ts'
import { archiveFlag, findArchive } from './archive-place.ts'
import { askInstance } from './find-instance.ts'
import { moreText, notFoundText, recordLines } from './find-lines.ts'
import { commandBar } from './step-bar.ts'

/** The flags of `npm run audit -- find`. */
export const findFlags = {
  receipt: { value: 'SHARD:NUMBER', says: 'the receipt of the 202: shardId:sequenceNumber' },
  'vote-id': { value: 'ID', says: 'or the voteId that the client sent' },
  ...archiveFlag,
  ...instanceFlags,
} as const satisfies Flags

/**
 * Shows a voter their vote in the archive, what became of it, the part that says so and that part's place in the chain.
 * Sets the exit code: 0 all of it holds, 1 no such record, 2 something does not hold, 3 its part is not in the archive
 * yet. Throws `UsageError`, `InstanceError` or `ArchiveError`.
 */
export const find = async (line: CommandLine): Promise<void> => {
  const sought = soughtBy(line)
  const bar = commandBar()
  const place = await findArchive(line, (bytes, ofBytes) =>
    bar.show('downloading the archive', bytes / Math.max(1, ofBytes)),
  )
  try {
    const result = await findVote(place.archive, sought, askInstance(line, place), (step, at, of) =>
      bar.show(step, (at - 1) / of),
    )
    bar.clear()
    print(result, sought)
  } finally {
    bar.clear()
    await place.close()
  }
}

const soughtBy = (line: CommandLine): Sought => {
  const receipt = line.text('receipt')
  const voteId = line.text('vote-id')
  if (receipt !== undefined && voteId === undefined) {
    const read = readReceipt(receipt)
    if (read !== undefined) return { receipt: read }
    throw new UsageError(
      `--receipt must be the receipt of the 202 as shardId:sequenceNumber, as in shardId-000000000000:49590338271490256608559692538361571095921575989136588898, not ${receipt}.`,
    )
  }
  if (voteId === undefined || receipt !== undefined)
    throw new UsageError('Either --receipt SHARD:NUMBER or --vote-id ID is needed. See --help.')
  if (!isVoteId(voteId))
    throw new UsageError(`--vote-id must be 1 to 64 of A-Z, a-z, 0-9, "_" and "-", not ${voteId}.`)
  return { voteId }
}

const print = ({ records, total, reach }: FindResult, sought: Sought): void => {
  if (total === 0) {
    console.error(notFoundText(sought, reach))
    process.exitCode = 1
    return
  }
  for (const record of records) console.log(recordLines(record).join('\n'))
  const more = moreText(total)
  if (more !== undefined) console.log(more)
  const holds = records.flatMap(checksOf).every((check) => check.holds)
  const waits = records.some(({ place }) => 'missing' in place)
  process.exitCode = !holds ? 2 : waits ? 3 : 0
}
