import { describe, expect, it } from 'vitest'
import { pollStore } from '../../ingest/poll.store.ts'
import { openCountTable, tableName } from '../infra/local/open-count-table.ts'

const options = [
  { id: 'ana', label: 'Ana' },
  { id: 'bia', label: 'Bia' },
]
const request = { id: 'final', title: 'Final', options }

/** Makes the table's answers carry these dates, one after the other; the last one stays. */
const dated = async (dates: string[]) => {
  const { client } = await openCountTable()
  const store = pollStore(client, tableName)
  let answers = 0
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      const { headers } = answer.response as { headers: Record<string, string> }
      headers.date = dates[Math.min(answers++, dates.length - 1)] ?? ''
      return answer
    },
    { step: 'deserialize', priority: 'low' },
  )
  return store
}

describe('a poll that is created', () => {
  it('is dated by the table, two seconds ahead of it', async () => {
    const store = await dated([0, 1, 1, 2].map((second) => `Sat, 21 Nov 2026 05:00:0${second} GMT`))
    const createdAt = Date.parse('2026-11-21T05:00:02Z')
    expect(await store.createPoll(request)).toEqual({
      ...request,
      createdAt,
      opensAt: createdAt,
      closesAt: null,
    })
    expect(await store.readPoll('final')).toMatchObject({ ...request, createdAt, shards: [] })
  })

  it('too late to be trusted is void, and the command says to try again', async () => {
    const store = await dated(['Sat, 21 Nov 2026 05:00:00 GMT', 'Sat, 21 Nov 2026 05:00:02 GMT'])
    await expect(store.createPoll(request)).rejects.toThrow(/void; try again/)
    expect(await store.readPoll('final')).toMatchObject({ voided: true })
  })

  it('takes an id once and for all', async () => {
    const { client } = await openCountTable()
    const store = pollStore(client, tableName)
    const both = await Promise.allSettled([store.createPoll(request), store.createPoll(request)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(store.createPoll(request)).rejects.toThrow('poll final exists already')
  })
})
