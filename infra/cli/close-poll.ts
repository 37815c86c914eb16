import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { dynamoCloseStore } from '../../aggregators/close/close.store.ts'
import { type ClosingProgress, closer } from '../../aggregators/close/closer.ts'
import { kinesisVoteStream } from '../../aggregators/close/vote-stream.store.ts'
import { type Poll, PollError } from '../../ingest/poll.ts'
import type { Instance } from './instance.ts'

export type ClosePollOptions = {
  instance: Instance
  client: DynamoDBClient
  /** Told once a second how far it is. */
  progress: (progress: ClosingProgress) => void
}

const stepEveryMs = 100
const sayEveryMs = 1000
const giveUpAfterMs = 60_000

/** A poll that can be closed at any moment; `end` lets go of what that needs. */
export type Closing = { close(): Promise<Poll>; end(): void }

/**
 * Prepares to close a poll by hand. The time of closing is published with the result and is the table's, whose answers tell
 * it in whole seconds: to know it better takes up to a second, here and not in `close`.
 *
 * `close` closes it now, whatever its `closesAt`, and waits for its result; one that is closed already is gone on with. It
 * throws `PollError` without a result within a minute; the closer of the instance then goes on by itself.
 *
 * @throws PollError when there is no such poll, or none that can be closed
 */
export const prepareClosing = async (id: string, options: ClosePollOptions): Promise<Closing> => {
  const { tableName, streamName } = options.instance
  const kinesis = new KinesisClient(options.instance.client)
  const store = dynamoCloseStore(options.client, tableName)
  const stream = kinesisVoteStream(kinesis, streamName)
  const steadyNow = (): number => performance.now()
  const { freeze, look, step } = closer({ store, stream, steadyNow })

  const close = async (): Promise<Poll> => {
    let poll = expectPoll(id, await freeze(id))
    const startedAt = steadyNow()
    let saidAt = startedAt
    while (poll.finalAt === undefined) {
      const progress = await step(poll, await look([poll]))
      poll = progress.poll
      if (poll.finalAt !== undefined) break
      if (steadyNow() - startedAt > giveUpAfterMs)
        throw new PollError(
          `Poll ${id} is closed and not final yet: ${progress.passed} of ${progress.shards} shards have passed the close marker. The instance goes on with it; npm run polls -- show --id ${id} tells how far it is.`,
        )
      if (steadyNow() - saidAt >= sayEveryMs) {
        saidAt = steadyNow()
        options.progress(progress)
      }
      await sleep(stepEveryMs)
    }
    return poll
  }

  const end = (): void => kinesis.destroy()
  try {
    expectPoll(id, await store.readPoll(id))
    await store.steadyClock()
    return { close, end }
  } catch (error) {
    end()
    throw error
  }
}

/** Prepares, closes and ends in one. */
export const closePoll = async (id: string, options: ClosePollOptions): Promise<Poll> => {
  const closing = await prepareClosing(id, options)
  try {
    return await closing.close()
  } finally {
    closing.end()
  }
}

const expectPoll = (id: string, poll: Poll | undefined): Poll => {
  if (poll === undefined)
    throw new PollError(`There is no poll ${id}; npm run polls -- list shows those there are.`)
  if (poll.pending) throw new PollError(`Poll ${id} is being created; it can be closed once it is open.`)
  if (poll.voided)
    throw new PollError(`Poll ${id} is void: no vote ever met it, so there is nothing to close.`)
  return poll
}
