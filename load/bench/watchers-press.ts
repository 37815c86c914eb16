import { join } from 'node:path'
import { LoadError } from '../load-error.ts'
import { hasWrk, wrkSummary } from './press.ts'

/** In full (200), or with the ETag seen last and therefore mostly unchanged (304). */
export type ReadKind = 'full' | 'unchanged'

/** What a closed-loop reader was answered in a turn. */
export type Reads = { perSecond: number; full: number; unchanged: number }

/** Gets the same address over and over. Throws `LoadError` for any other answer, or a broken connection. */
export type ReadPress = {
  name: string
  read(url: string, kind: ReadKind, connections: number, seconds: number): Promise<Reads>
}

export const findReadPress = (): ReadPress => (hasWrk() ? wrkReads : autocannonReads)

const script = join(import.meta.dirname, 'wrk-get.lua')

export const wrkReads: ReadPress = {
  name: 'wrk',
  read: async (url, kind, connections, seconds) => {
    const { microseconds, full, unchanged, refused, broken } = await wrkSummary<
      'microseconds' | 'full' | 'unchanged' | 'refused' | 'broken'
    >(script, { url, what: kind, connections, seconds })
    expectClean(url, refused, broken)
    return { perSecond: ((full + unchanged) * 1e6) / microseconds, full, unchanged }
  },
}

export const autocannonReads: ReadPress = {
  name: 'autocannon',
  read: async (url, kind, connections, seconds) => {
    const { default: cannon } = await import('autocannon')
    let etag: string | undefined
    const conditional = {
      setupRequest: (request: object) =>
        etag === undefined ? request : { ...request, headers: { 'if-none-match': etag } },
      onResponse: (status: number, _body: string, _context: object, headers: object = {}) => {
        if (status === 200)
          etag = Object.entries(headers).find(([name]) => name.toLowerCase() === 'etag')?.[1]
      },
    }
    const requests = kind === 'full' ? [{}] : [conditional]
    const result = await cannon({ url, requests, connections, duration: seconds })
    const answered = (status: '200' | '304'): number => result.statusCodeStats?.[status]?.count ?? 0
    const [full, unchanged] = [answered('200'), answered('304')]
    const all = result['1xx'] + result['2xx'] + result['3xx'] + result['4xx'] + result['5xx']
    expectClean(url, all - full - unchanged, result.errors + result.timeouts)
    return { perSecond: (full + unchanged) / result.duration, full, unchanged }
  },
}

const expectClean = (url: string, refused: number, broken: number): void => {
  if (refused + broken > 0)
    throw new LoadError(
      `${url} refused ${refused} reads and broke off ${broken}; expected 200 or 304 for every one.`,
    )
}
