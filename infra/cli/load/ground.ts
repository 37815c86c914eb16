import type { PollsView } from '../../../dashboard/read-model.ts'
import { parseWeights } from '../../../load/volley/mix.ts'
import { targetFlag } from './flags.ts'
import { UsageError } from './menu.ts'
import { instanceUrl, ownPoll } from './own-poll.ts'

/** Where a scenario sends its votes, and for what. */
export type Ground = {
  /** Placar's address, without a slash at its end. */
  url: string
  poll: string
  options: readonly { option: string; weight: number }[]
}

/** The flags that every scenario takes to find its ground. */
export const groundFlags = {
  target: { type: 'string' },
  poll: { type: 'string' },
  options: { type: 'string' },
  'endpoint-url': { type: 'string' },
  'data-dir': { type: 'string', default: '.placar' },
  aws: { type: 'boolean', default: false },
} as const

export const groundHelp = `  --poll ID            an existing poll (a poll of its own, load-<time>, is made by default)
  --options a=3,b=1    options and how often each is voted for, relatively
                       (default: ana=50,bia=30,caio=15,davi=5, or all options of --poll alike)
  --target URL         Placar's address (default: the instance found as below)
  --data-dir DIR       data folder of the running instance (default .placar)
  --endpoint-url URL   its AWS endpoint (default: AWS_ENDPOINT_URL, then the data folder's run.json)
  --aws                AWS itself
`

export type GroundFlags = {
  target?: string | undefined
  poll?: string | undefined
  options?: string | undefined
  'endpoint-url'?: string | undefined
  'data-dir': string
  aws: boolean
}

const ownOptions = 'ana=50,bia=30,caio=15,davi=5'

/**
 * Finds the running instance and the poll, or makes one.
 *
 * @param startedAt epoch ms; names a poll of the scenario's own
 * @throws UsageError for flags that cannot be read; Error when there is no instance or no such poll
 */
export const findGround = async (flags: GroundFlags, startedAt: number): Promise<Ground> => {
  const where = { endpointUrl: flags['endpoint-url'], dataDir: flags['data-dir'], aws: flags.aws }
  const url = flags.target === undefined ? await instanceUrl(where) : targetFlag(flags.target)
  if (flags.poll !== undefined) {
    const options = weights(flags.options) ?? (await optionsOf(url, flags.poll))
    return { url, poll: flags.poll, options }
  }
  const options = weights(flags.options ?? ownOptions) ?? []
  const poll = `load-${startedAt}`
  await ownPoll(
    where,
    poll,
    options.map(({ option }) => option),
  )
  return { url, poll, options }
}

const weights = (text: string | undefined): Ground['options'] | undefined => {
  if (text === undefined) return undefined
  try {
    return parseWeights(text)
  } catch (error) {
    throw new UsageError(`--options: ${(error as Error).message}`)
  }
}

const optionsOf = async (url: string, poll: string): Promise<Ground['options']> => {
  const response = await fetch(`${url}/polls`)
  if (response.status !== 200)
    throw new Error(`GET ${url}/polls was answered ${response.status}, expected 200.`)
  const { polls } = (await response.json()) as PollsView
  const found = polls.find(({ id }) => id === poll)
  if (found === undefined)
    throw new Error(`There is no poll "${poll}" at ${url}; there is ${polls.map(({ id }) => id).join(', ')}.`)
  return found.options.map(({ id }) => ({ option: id, weight: 1 }))
}
