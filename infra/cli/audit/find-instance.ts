import type { AskInstance } from '../../../aggregators/audit/find.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import type { CommandLine } from '../command.ts'
import { countTableClient, explainUnreachable, findInstance, InstanceError } from '../instance.ts'
import { type ArchivePlace, orReadAlone } from './archive-place.ts'

/**
 * Asks the instance for definitions that the archive does not have yet. An archive in a data folder belongs to the
 * instance of that folder; an export alone to none, and one that happens to run here would know other polls.
 */
export const askInstance = (line: CommandLine, { dataFolder }: ArchivePlace): AskInstance => {
  const named = ['endpoint-url', 'data-dir', 'aws'].some(line.said)
  if (!named && dataFolder === undefined) return async () => 'unavailable'
  const folder = line.said('data-dir') ? line.text('data-dir') : dataFolder
  const itsLine = { ...line, text: (name: string) => (name === 'data-dir' ? folder : line.text(name)) }
  return async (pollId) => {
    try {
      return (await readDefinition(itsLine, pollId)) ?? 'unknown'
    } catch (error) {
      if (!named && error instanceof InstanceError) return 'unavailable'
      throw error
    }
  }
}

const readDefinition = async (line: CommandLine, pollId: string) => {
  const instance = await findInstance(line, process.env)
  const client = countTableClient(instance)
  try {
    return await pollStore(client, instance.tableName).readPoll(pollId)
  } catch (error) {
    throw explainUnreachable(error, instance, orReadAlone(line, instance))
  } finally {
    client.destroy()
  }
}
