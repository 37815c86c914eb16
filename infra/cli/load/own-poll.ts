import { setTimeout as sleep } from 'node:timers/promises'
import type { Scoreboard } from '../../../dashboard/read-model.ts'
import { pollStore } from '../../../ingest/poll.store.ts'
import type { Tally } from '../../../load/tally.ts'
import { prepareClosing } from '../close-poll.ts'
import { countTableClient, explainUnreachable, type Instance, InstanceError } from '../instance.ts'

/** A definition must be open within seconds; the scoreboard that says so is cached for one. */
const openWithinMs = 20_000
const askEveryMs = 250

/**
 * Creates a poll for one run, waits until the scoreboard at `url` says that it is open, and prepares its closing.
 *
 * @param closesAt epoch ms, after the run, should nobody close it by hand
 * @returns closes the poll and waits for its result; rejects with `PollError` when there is none within a minute
 * @throws PollError when it cannot be created; InstanceError when nothing answers, or the scoreboard never shows it
 */
export const createOwnPoll = async (
  instance: Instance,
  url: string,
  poll: { id: string; title: string; options: readonly string[]; closesAt: number },
): Promise<() => Promise<Tally>> => {
  const client = countTableClient(instance)
  try {
    const options = poll.options.map((id) => ({ id, label: id }))
    await pollStore(client, instance.tableName).createPoll({ ...poll, options })
    await shownAsOpen(instance, url, poll.id)
    const closing = await prepareClosing(poll.id, { instance, client, progress: () => {} })
    return async () => {
      try {
        const { result } = await closing.close()
        return { options: result?.counts ?? {}, rejected: result?.rejected ?? {} }
      } catch (error) {
        throw explainUnreachable(error, instance)
      } finally {
        closing.end()
        client.destroy()
      }
    }
  } catch (error) {
    client.destroy()
    throw explainUnreachable(error, instance)
  }
}

const shownAsOpen = async (instance: Instance, url: string, poll: string): Promise<void> => {
  const giveUpAt = performance.now() + openWithinMs
  while ((await statusOf(url, poll)) !== 'open') {
    if (performance.now() > giveUpAt)
      throw new InstanceError(
        `The poll ${poll} was created at ${instance.awsEndpoint ?? 'AWS'}, but ${url} does not show it as open. Does --target belong to that instance?`,
      )
    await sleep(askEveryMs)
  }
}

/** `undefined` while the scoreboard does not know the poll. */
const statusOf = async (url: string, poll: string): Promise<string | undefined> => {
  const response = await fetch(`${url}/polls/${poll}/scoreboard`)
  const body = (await response.json()) as Partial<Scoreboard>
  return response.status === 200 ? body.status : undefined
}
