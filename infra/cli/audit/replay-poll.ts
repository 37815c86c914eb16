import { pollStore } from '../../../ingest/poll.store.ts'
import { isDefined, type Poll } from '../../../ingest/poll.ts'
import { type CommandLine, UsageError } from '../command.ts'
import { countTableClient, explainUnreachable, findInstance, InstanceError } from '../instance.ts'
import { say } from '../load/progress.ts'
import { findArchive } from './archive-place.ts'
import { type ArchivedPoll, readArchivedPoll } from './replay-archive.ts'
import type { Past } from './replay-store.ts'

/** A poll's past. `whole`: the archive holds its last line, so nothing of it is missing there. */
export type FoundPast = Past & { whole: boolean }

/**
 * Reads the past of a poll: its parts from the archive, its definition from its last line there or, until it has one,
 * from the instance. Throws `UsageError`, `InstanceError` or `ArchiveError` when either lacks it.
 */
export const findPast = async (line: CommandLine, pollId: string): Promise<FoundPast> => {
  const { windows, last, says } = await readArchive(line, pollId)
  if (last !== undefined) return { poll: { ...last.poll, result: last.result }, windows, whole: true }
  const poll = await pollOfInstance(line, pollId, says)
  if (windows.length === 0 && poll.finalAt === undefined)
    throw new UsageError(
      `Poll ${pollId} is not in the archive in ${says} yet: none of its windows was exported.`,
    )
  return { poll, windows, whole: false }
}

const readArchive = async (line: CommandLine, pollId: string): Promise<ArchivedPoll & { says: string }> => {
  const tell = tellSlowly()
  const place = await findArchive(line, (bytes, ofBytes) =>
    tell(`Downloading the archive: ${Math.floor((100 * bytes) / Math.max(1, ofBytes))}%.\n`),
  )
  try {
    const read = await readArchivedPoll(place.archive, pollId, (at, files) =>
      tell(`Reading the archive: ${at} of ${files} files.\n`),
    )
    return { ...read, says: place.says }
  } finally {
    await place.close()
  }
}

/** Tells once a second, so nothing when all is read within one. */
const tellSlowly = (): ((text: string) => void) => {
  let toldAt = performance.now()
  return (text) => {
    if (performance.now() - toldAt < 1000) return
    toldAt = performance.now()
    say(text)
  }
}

const pollOfInstance = async (line: CommandLine, pollId: string, archive: string): Promise<Poll> => {
  const notArchived = `The archive in ${archive} has no last line for poll ${pollId} (it is written once the poll is final)`
  const instance = await findInstance(line, process.env).catch((error: unknown) => {
    throw new InstanceError(`${notArchived}, and its definition cannot be read. ${(error as Error).message}`)
  })
  const client = countTableClient(instance)
  try {
    const poll = await pollStore(client, instance.tableName).readPoll(pollId)
    if (!isDefined(poll))
      throw new UsageError(
        `${notArchived}, and the instance knows no such poll. npm run polls -- list shows those there are.`,
      )
    return poll
  } catch (error) {
    throw explainUnreachable(error, instance)
  } finally {
    client.destroy()
  }
}
