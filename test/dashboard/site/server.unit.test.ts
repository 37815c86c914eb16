import { afterEach, describe, expect, test, vi } from 'vitest'
import { castVote, read } from '../../../dashboard/site/server.ts'

const wanted = new AbortController().signal

/** Answers every request with `answer`, and keeps what was asked. */
const serve = (answer: () => Response | Promise<Response>) => {
  const fetched = vi.fn<(path: string, request: RequestInit) => Promise<Response>>(async () => answer())
  vi.stubGlobal('fetch', fetched)
  return fetched
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a conditional read', () => {
  test('an answer comes with its tag and time', async () => {
    const headers = { etag: '"7"', date: 'Mon, 21 Sep 2026 14:13:20 GMT' }
    serve(() => Response.json({ polls: [] }, { headers }))
    expect(await read('/polls', undefined, wanted)).toMatchObject({
      kind: 'fresh',
      body: { polls: [] },
      etag: '"7"',
      serverMs: 1_790_000_000_000,
    })
  })

  test('it names the tag of what is shown, and takes a 304 for an answer', async () => {
    const fetched = serve(() => new Response(null, { status: 304 }))
    expect(await read('/stats', '"7"', wanted)).toEqual({ kind: 'unchanged' })
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({
      headers: { 'if-none-match': '"7"' },
      cache: 'no-store',
    })
  })

  test('a refusal keeps its status and when to come back', async () => {
    serve(() => new Response('', { status: 503, headers: { 'retry-after': '1' } }))
    expect(await read('/stats', undefined, wanted)).toEqual({
      kind: 'failed',
      status: 503,
      retryAfterMs: 1_000,
    })
  })

  test.each([
    ['a server out of reach', () => Promise.reject(new TypeError('fetch failed'))],
    ['a page that is no JSON', () => new Response('<!doctype html>')],
  ])('%s is a failure, not an exception', async (_, answer) => {
    serve(answer)
    expect(await read('/stats', undefined, wanted)).toEqual({ kind: 'failed' })
  })
})

describe('casting a vote', () => {
  const ana = { id: 'ana', label: 'Ana' }

  test('the vote goes out once, as JSON', async () => {
    const fetched = serve(() => Response.json({ accepted: 1 }, { status: 202 }))
    expect(await castVote('final', ana)).toEqual({ accepted: true, text: 'Vote for Ana accepted.' })
    expect(fetched).toHaveBeenCalledExactlyOnceWith(
      '/polls/final/votes',
      expect.objectContaining({
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"option":"ana"}',
      }),
    )
  })

  test('a vote without an answer is not sent again', async () => {
    const fetched = serve(() => Promise.reject(new TypeError('fetch failed')))
    expect((await castVote('final', ana)).accepted).toBe(false)
    expect(fetched).toHaveBeenCalledTimes(1)
  })
})
