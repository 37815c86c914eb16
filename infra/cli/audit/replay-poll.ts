import { resolve } from 'node:path'
import { defaultTableName } from '../../../ingest/count-table.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import { isDefined, type Poll } from '../../../ingest/poll.ts'
import { type CommandLine, UsageError } from '../command.ts'
import { countTableClient, explainUnreachable, findInstance, InstanceError } from '../instance.ts'
import { say } from '../load/progress.ts'
import { readArchivedPoll } from './replay-archive.ts'
import type { Past } from './replay-store.ts'

/** A poll's past. `whole`: the archive holds its last line, so nothing of it is missing there. */
export type FoundPast = Past & { whole: boolean }

/**
 * Reads the past of a poll: its parts from the archive, its definition from its last line there or, until it has one,
 * from the instance. Throws `UsageError` or `InstanceError` when either lacks it.
 */
export const findPast = async (line: CommandLine, pollId: string): Promise<FoundPast> => {
  const folder = resolve(line.text('from') ?? line.text('data-dir') ?? '.placar')
  const { windows, last } = await readArchivedPoll(folder, pollId, tellSlowly())
  if (last !== undefined) return { poll: { ...last.poll, result: last.result }, windows, whole: true }
  const poll = await pollOfInstance(line, pollId, folder)
  if (windows.length === 0 && poll.finalAt === undefined)
    throw new UsageError(
      `Poll ${pollId} is not in the archive in ${folder} yet: none of its windows was exported.`,
    )
  return { poll, windows, whole: false }
}

/** Tells once a second, so nothing when all is read within one. */
const tellSlowly = (): ((read: number, files: number) => void) => {
  let toldAt = performance.now()
  return (read, files) => {
    if (performance.now() - toldAt < 1000) return
    toldAt = performance.now()
    say(`Reading the archive: ${read} of ${files} files.\n`)
  }
}

const pollOfInstance = async (line: CommandLine, pollId: string, folder: string): Promise<Poll> => {
  const notArchived = `The archive in ${folder} has no last line for poll ${pollId} (it is written once the poll is final)`
  const instance = await findInstance(line, process.env).catch((error: unknown) => {
    throw new InstanceError(`${notArchived}, and its definition cannot be read. ${(error as Error).message}`)
  })
  const client = countTableClient(instance)
  try {
    const poll = await pollStore(client, defaultTableName).readPoll(pollId)
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
