import type { PollsView } from '../../../dashboard/read-model.ts'
import { loadPollPrefix } from '../../../ingest/poll.ts'
import { LoadError } from '../../../load/load-error.ts'
import type { Tally } from '../../../load/tally.ts'
import { type Mix, parseWeights } from '../../../load/volley/mix.ts'
import { type CommandLine, type Flags, UsageError } from '../command.ts'
import { findInstance, InstanceError, instanceFlags } from '../instance.ts'
import { onInterrupt } from '../interruption.ts'
import { createOwnPoll } from './own-poll.ts'
import { say } from './progress.ts'

/** The flags by which every scenario finds where to send its votes. */
export const groundFlags = {
  target: {
    value: 'URL',
    says: 'where to post votes, for the instance found as below; without it, its own address',
  },
  poll: { value: 'ID', says: `vote in this poll; without it, in a new one, ${loadPollPrefix}<time>` },
  ...instanceFlags,
} as const satisfies Flags

/** The options of a poll of the scenario's own. */
export const defaultOptions = 'ana=50,bia=30,caio=15,davi=5'

/** Where a scenario sends its votes, and for what. */
export type Ground = {
  /** Placar's address, without a slash at its end. */
  url: string
  poll: string
  options: Mix['options']
  /** Closes the poll and waits for its result; `undefined` of a poll that is not the run's own, and stays as it is. */
  close: (() => Promise<Tally>) | undefined
}

/** A run closes its own poll; one that is broken off leaves it open for so long after its time. */
const openAfterwardsMs = 3_600_000

/**
 * Finds the running instance and the poll, or makes one that outlasts the run.
 *
 * @param weights options with weights, or `undefined` for the default ones or, with `--poll`, all of it alike
 * @param check throws when the scenario cannot vote at an address; asked before a poll is made
 * @throws UsageError, InstanceError or PollError, each with one line for the user
 */
export const findGround = async (
  line: CommandLine,
  weights: string | undefined,
  runMs: number,
  check: (url: string) => void = () => {},
): Promise<Ground> => {
  const poll = line.text('poll')
  const target = targetUrl(line)
  if (poll !== undefined) {
    const url = target ?? urlOf(await findInstance(line, process.env))
    check(url)
    const options = weights === undefined ? await optionsOf(url, poll) : readWeights(weights)
    return { url, poll, options, close: undefined }
  }
  const instance = await findInstance(line, process.env)
  const url = target ?? urlOf(instance)
  check(url)
  const options = readWeights(weights ?? defaultOptions)
  const startedAt = Date.now()
  const own = {
    id: `${loadPollPrefix}${startedAt}`,
    title: `Load, ${new Date(startedAt).toISOString()}`,
    options: options.map(({ option }) => option),
    closesAt: startedAt + runMs + openAfterwardsMs,
  }
  // Asked first: a poll whose run cannot vote would stay open.
  await pollsAt(url)
  return {
    url,
    poll: own.id,
    options,
    close: await madeOrClosed(own.id, url, createOwnPoll(instance, url, own)),
  }
}

/** A poll that is being made; a Ctrl-C meanwhile closes it, and ends the run. */
const madeOrClosed = async (
  poll: string,
  url: string,
  made: ReturnType<typeof createOwnPoll>,
): ReturnType<typeof createOwnPoll> => {
  let isInterrupted = false
  const stopListening = onInterrupt(() => {
    isInterrupted = true
  })
  say(`Making the poll ${poll}.\n`)
  try {
    const close = await made.catch((error: unknown) => {
      throw explainUnanswered(error, url)
    })
    if (!isInterrupted) return close
    await close()
    throw new LoadError(`Stopped before the first vote; ${poll} is closed.`)
  } finally {
    stopListening()
  }
}

/** Says in one line that `url` cannot be reached, where that is what went wrong. */
export const explainUnanswered = (error: unknown, url: string): unknown => {
  const chain: Error[] = []
  for (let at = error; at instanceof Error; at = at.cause) chain.push(at)
  const codes = chain.map((each) => (each as NodeJS.ErrnoException).code)
  if (codes.includes('ECONNREFUSED') || codes.includes('ECONNRESET'))
    return new InstanceError(`Nothing answers at ${url}. Is Placar running? Start it with npm start.`)
  // The message of a fetch that failed says nothing; its cause does.
  const cause = chain.find(({ message }) => message === 'fetch failed')?.cause
  return cause instanceof Error ? new InstanceError(`${url} cannot be reached (${cause.message}).`) : error
}

const urlOf = ({ url }: { url: string | undefined }): string => {
  if (url !== undefined) return url
  throw new InstanceError('Where this instance takes votes is not known; name it with --target.')
}

const targetUrl = (line: CommandLine): string | undefined => {
  const text = line.text('target')
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new UsageError(
      `--target must be an address such as http://127.0.0.1:8080, not ${JSON.stringify(text)}.`,
    )
  return url.href.replace(/\/$/, '')
}

const readWeights = (text: string): Mix['options'] => {
  try {
    return parseWeights(text)
  } catch (error) {
    throw new UsageError(`--options: ${(error as Error).message}`)
  }
}

const pollsAt = async (url: string): Promise<PollsView['polls']> => {
  const response = await fetch(`${url}/polls`).catch((error: unknown) => {
    throw explainUnanswered(error, url)
  })
  if (response.status !== 200)
    throw new InstanceError(`GET ${url}/polls was answered ${response.status}, expected 200.`)
  const { polls } = (await response.json()) as PollsView
  return polls
}

const optionsOf = async (url: string, poll: string): Promise<Mix['options']> => {
  const polls = await pollsAt(url)
  const found = polls.find(({ id }) => id === poll)
  if (found === undefined)
    throw new InstanceError(
      `There is no poll ${poll} at ${url}; there is ${polls.map(({ id }) => id).join(', ')}.`,
    )
  return found.options.map(({ id }) => ({ option: id, weight: 1 }))
}
