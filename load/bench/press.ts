import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { LoadError } from '../load-error.ts'

/** What a closed-loop client saw: as many requests at a time as it has connections, for so long. */
export type Pressed = {
  answered: number
  perSecond: number
  /** Requests under way when the time was up: accepted or not, the client does not know. */
  unknown: number
}

/** Posts the same body over and over. Throws `LoadError` for any answer but a 202, or a broken connection. */
export type Press = {
  name: string
  run(url: string, body: string, connections: number, seconds: number): Promise<Pressed>
}

/** wrk where it is on the PATH, since it takes the least CPU from the server beside it; otherwise autocannon. */
export const findPress = (): Press => (hasWrk() ? wrk : autocannon)

export const hasWrk = (): boolean => spawnSync('wrk', ['-v']).error === undefined

/** wrk would take an answer for lost after 2 s, and a machine that stands still for a moment for a broken server. */
const patience = '10s'

const script = join(import.meta.dirname, 'wrk-post.lua')

export const wrk: Press = {
  name: 'wrk',
  run: async (url, body, connections, seconds) => {
    const { requests, microseconds, refused, broken } = await wrkSummary<
      'requests' | 'microseconds' | 'refused' | 'broken'
    >(script, { url, what: body, connections, seconds })
    expectClean(url, refused, broken)
    return { answered: requests, perSecond: (requests * 1e6) / microseconds, unknown: connections }
  },
}

export const autocannon: Press = {
  name: 'autocannon',
  run: async (url, body, connections, seconds) => {
    const { default: cannon } = await import('autocannon')
    const headers = { 'content-type': 'application/json' }
    const result = await cannon({ url, method: 'POST', body, headers, connections, duration: seconds })
    const answered = result.statusCodeStats?.['202']?.count ?? 0
    expectClean(url, result['2xx'] + result.non2xx - answered, result.errors + result.timeouts)
    return { answered, perSecond: answered / result.duration, unknown: result.requests.sent - answered }
  },
}

const expectClean = (url: string, refused: number, broken: number): void => {
  if (refused + broken > 0)
    throw new LoadError(
      `${url} refused ${refused} votes and broke off ${broken}; expected 202 for every one.`,
    )
}

/**
 * Runs wrk from one thread with a script that ends with a line of JSON, and gives what stands in that. Throws `LoadError`
 * without one. `what` is given to the script.
 */
export const wrkSummary = async <Name extends string>(
  script: string,
  { url, what, connections, seconds }: { url: string; what: string; connections: number; seconds: number },
): Promise<Record<Name, number>> => {
  const turn = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', patience]
  const args = [...turn, '-s', script, url, '--', what]
  const line = (await outputOf('wrk', args)).split('\n').findLast((text) => text.startsWith('{'))
  if (line === undefined) throw new LoadError('wrk ended without a summary.')
  return JSON.parse(line)
}

const outputOf = (file: string, args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new LoadError(`${file} ended with exit code ${code}:\n${output}`))
    })
  })
