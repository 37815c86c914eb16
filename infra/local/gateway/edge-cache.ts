import type { HttpAnswer } from '../../../dashboard/answer.ts'

/** Reads a path with its query from behind the cache. Rejects when the read model fails. */
export type Origin = (path: string, query: string) => Promise<HttpAnswer>

/** As CloudFront caches the reads on AWS: any number of viewers cost the origin one request a second and URL. */
export const maxAgeMs = 1000

/** URLs kept at most; the oldest leave first. */
const maxEntries = 500

export const edgeCache = (origin: Origin, now: () => number): Origin => {
  const entries = new Map<string, { at: number; answer: Promise<HttpAnswer> }>()

  return (path, query) => {
    const url = `${path}?${relevant(query)}`
    const kept = entries.get(url)
    if (kept !== undefined && now() - kept.at < maxAgeMs) return kept.answer
    entries.delete(url)
    for (const [oldest, { at }] of entries) {
      if (entries.size < maxEntries && now() - at < maxAgeMs) break
      entries.delete(oldest)
    }
    const at = now()
    // The answer carries the date of its reading, however often and however late it is given out (RFC 9111, Age).
    const answer = origin(path, relevant(query)).then((read) => ({
      ...read,
      headers: { ...read.headers, date: new Date(at).toUTCString() },
    }))
    entries.set(url, { at, answer })
    answer.catch(() => {
      // It may have failed late, when a newer reading has taken its place.
      if (entries.get(url)?.answer === answer) entries.delete(url)
    })
    return answer
  }
}

/** The parameters that the read model knows; others make no new entry. */
const relevant = (query: string): string => {
  if (query === '') return ''
  const all = new URLSearchParams(query)
  const known = ['since', 'limit'].flatMap((name) => {
    const value = all.get(name)
    return value === null ? [] : [[name, value]]
  })
  return new URLSearchParams(known).toString()
}
