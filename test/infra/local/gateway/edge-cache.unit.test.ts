import { expect, it } from 'vitest'
import type { HttpAnswer } from '../../../../dashboard/answer.ts'
import { edgeCache, maxAgeMs } from '../../../../infra/local/gateway/edge-cache.ts'

const start = 1_790_000_000_000

/** A cache whose origin answers when told to. */
const aCache = () => {
  const asked: (PromiseWithResolvers<HttpAnswer> & { url: string })[] = []
  let time = start
  const read = edgeCache(
    (path, query) => {
      const answer = Promise.withResolvers<HttpAnswer>()
      asked.push({ ...answer, url: `${path}?${query}` })
      return answer.promise
    },
    () => time,
  )
  return { read, asked, after: (ms: number) => (time = start + ms) }
}

const found = (): HttpAnswer => ({ statusCode: 200, headers: { etag: '"a"' }, body: '{}' })

it('viewers of one second share one reading, also while it is under way', () => {
  const { read, asked, after } = aCache()
  const first = read('/stats', '')
  after(maxAgeMs - 1)
  expect(read('/stats', '')).toBe(first)
  after(maxAgeMs)
  expect(read('/stats', '')).not.toBe(first)
  expect(asked).toHaveLength(2)
})

it('parameters that the read model does not know make no new entry', () => {
  const { read, asked } = aCache()
  expect(read('/polls/a/windows', 'limit=3&x=1&since=2')).toBe(
    read('/polls/a/windows', 'since=2&limit=3&x=2'),
  )
  expect(asked.map(({ url }) => url)).toEqual(['/polls/a/windows?since=2&limit=3'])
})

it('an answer carries the date of its reading, however late it comes', async () => {
  const { read, asked, after } = aCache()
  const answer = read('/stats', '')
  after(5000)
  asked[0]?.resolve(found())
  expect((await answer).headers).toEqual({ etag: '"a"', date: new Date(start).toUTCString() })
})

it('the oldest entry leaves when there are 500, and no other', () => {
  const { read, asked } = aCache()
  for (let n = 0; n <= 500; n += 1) void read(`/${n}`, '')
  expect(asked).toHaveLength(501)
  void read('/1', '')
  expect(asked).toHaveLength(501)
  void read('/0', '')
  expect(asked).toHaveLength(502)
})

it('a failure is not kept', async () => {
  const { read, asked } = aCache()
  const failed = read('/stats', '')
  asked[0]?.reject(new Error('down'))
  await expect(failed).rejects.toThrow('down')
  expect(read('/stats', '')).not.toBe(failed)
})

it('a late failure leaves the newer answer', async () => {
  const { read, asked, after } = aCache()
  const failed = read('/stats', '')
  after(maxAgeMs)
  const newer = read('/stats', '')
  asked[0]?.reject(new Error('late'))
  await expect(failed).rejects.toThrow('late')
  expect(read('/stats', '')).toBe(newer)
})
