import { describe, expect, it } from 'vitest'
import { answer } from '../../dashboard/answer.ts'
import { views } from '../../dashboard/views.ts'
import { aPoll } from '../aggregators/arrivals.ts'
import { memoryReadStore } from './memory-read-store.ts'

const ask = (path: string, query = '', now = 5000) => {
  const { store } = memoryReadStore({ polls: [aPoll()], parts: [] })
  const model = views({ store, now: () => now, windowMs: 1000, iteratorAgeMaxAgeMs: 1000, warn: () => {} })
  return answer({ path, query: new URLSearchParams(query) }, model)
}

describe('an answer to a read', () => {
  it('has an ETag that leaves out asOf and nothing else', async () => {
    const [first, later, before] = await Promise.all(
      [5000, 6000, 500].map((now) => ask('/polls/final/scoreboard', '', now)),
    )
    expect(JSON.parse(first?.body ?? '').asOf).toBe(5000)
    expect(JSON.parse(later?.body ?? '').asOf).toBe(6000)
    expect(later?.headers.etag).toBe(first?.headers.etag)
    // Its status is another.
    expect(before?.headers.etag).not.toBe(first?.headers.etag)
  })

  it('may be kept for a second', async () => {
    expect((await ask('/stats')).headers).toMatchObject({ 'cache-control': 'public, max-age=1' })
  })

  it.each(['since=soon', 'since=-1', 'since=1.5', 'limit=0', 'limit=1001', 'limit='])(
    'to windows?%s is 400 invalid_request',
    async (query) => {
      const { statusCode, body } = await ask('/polls/final/windows', query)
      expect([statusCode, JSON.parse(body).error]).toEqual([400, 'invalid_request'])
    },
  )

  it.each(['limit=1', 'limit=1000', 'since=0', ''])('to windows?%s is 200', async (query) => {
    expect(await ask('/polls/final/windows', query)).toMatchObject({
      statusCode: 200,
      body: '{"windows":[]}',
    })
  })

  it.each(['scoreboard', 'windows', 'shards'])('on %s of no poll is 404 unknown_poll', async (view) => {
    const { statusCode, body } = await ask(`/polls/nobody/${view}`)
    expect([statusCode, JSON.parse(body).error]).toEqual([404, 'unknown_poll'])
  })

  it.each(['/', '/polls/final', '/polls/final/votes', '/polls/final/windows/1', '/polls/F!/windows', '/x'])(
    'at %s is 404 not_found',
    async (path) => {
      const { statusCode, body } = await ask(path)
      expect([statusCode, JSON.parse(body).error]).toEqual([404, 'not_found'])
    },
  )
})
