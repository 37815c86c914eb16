import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { openGateway, post } from './open-gateway.ts'

describe('a vote', () => {
  it('is answered 202 with a receipt, and stands in the stream as its envelope says', async () => {
    const { url, records } = await openGateway({ now: () => 1_790_000_000_000 })
    const body = { option: 'ana', voteId: 'v_1', voterId: 'p-1', castAt: 0, extra: '"}' }
    const response = await post(`${url}/polls/final/votes`, JSON.stringify(body))
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      accepted: 1,
      receipt: {
        shardId: expect.stringMatching(/^shardId-\d{12}$/),
        sequenceNumber: expect.stringMatching(/^49\d{54}$/),
      },
    })
    expect(await records()).toEqual([
      {
        partitionKey: expect.stringMatching(/^v-.{16}$/),
        data: '{"v":1,"poll":"final","acceptedAt":1790000000000,"n":1,"votes":[{"option":"ana","voteId":"v_1","voterId":"p-1","castAt":0}]}',
      },
    ])
  })

  it('a batch is one record and one receipt', async () => {
    const { url, records } = await openGateway()
    const batch = { votes: Array.from({ length: 500 }, (_, at) => ({ option: 'ana', voteId: `v${at}` })) }
    const response = await post(`${url}/polls/final/votes/batch`, JSON.stringify(batch))
    expect(await response.json()).toMatchObject({ accepted: 500, receipt: { shardId: expect.any(String) } })
    const [record, ...others] = await records()
    expect(others).toEqual([])
    expect(JSON.parse(record?.data ?? '')).toMatchObject({ n: 500, votes: { length: 500 } })
  })

  it('no Content-Type counts as JSON, and a charset does not matter', async () => {
    const { url, port } = await openGateway()
    const charset = { 'content-type': 'application/json; charset=utf-8' }
    expect((await post(`${url}/polls/final/votes`, '{"option":"ana"}', charset)).status).toBe(202)
    const status = await new Promise((resolve) => {
      const sent = request(
        { port, host: '127.0.0.1', method: 'POST', path: '/polls/final/votes' },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      sent.end('{"option":"ana"}')
    })
    expect(status).toBe(202)
  })

  it('nothing a client sends chooses the partition key', async () => {
    const { url, records } = await openGateway()
    const headers = { 'x-amzn-requestid': 'placar-control', 'x-amz-request-id': 'placar-control' }
    const body = '{"option":"ana","partitionKey":"placar-control","PartitionKey":"placar-control"}'
    await post(`${url}/polls/final/votes`, body, headers)
    expect((await records()).map(({ partitionKey }) => partitionKey.slice(0, 2))).toEqual(['v-'])
  })

  it('votes spread over the shards', async () => {
    const { url, kinesis } = await openGateway()
    await Promise.all(Array.from({ length: 100 }, () => post(`${url}/polls/final/votes`, '{"option":"ana"}')))
    const counts = kinesis.stream('votes')?.shards.map(({ log }) => log.newest().ordinal) ?? []
    expect(Math.min(...counts)).toBeGreaterThan(0)
    expect(counts.reduce((all, one) => all + one, 0)).toBe(100)
  })
})

describe('a read', () => {
  it('is cached for one second, whatever number of viewers ask', async () => {
    let reads = 0
    let now = 5000
    const origin = async () => {
      reads += 1
      return { statusCode: 200, headers: { etag: `"${reads}"` }, body: '{}' }
    }
    const { url } = await openGateway({ origin, now: () => now })
    const ask = () => fetch(`${url}/polls/final/scoreboard?noise=${Math.random()}`)
    await Promise.all(Array.from({ length: 50 }, ask))
    expect(reads).toBe(1)
    now += 1000
    await ask()
    expect(reads).toBe(2)
  })

  it('a failed one is not cached', async () => {
    let fails = true
    const origin = async () => {
      if (fails) throw new Error('no')
      return { statusCode: 200, headers: {}, body: '{}' }
    }
    const { url } = await openGateway({ origin })
    expect((await fetch(`${url}/stats`)).status).toBe(503)
    fails = false
    expect((await fetch(`${url}/stats`)).status).toBe(200)
  })

  it('answers 304 with a Date when the client holds it already', async () => {
    const { url } = await openGateway()
    const response = await fetch(`${url}/polls`, { headers: { 'if-none-match': 'W/"x", "a"' } })
    expect(response.status).toBe(304)
    expect(response.headers.get('date')).not.toBeNull()
    expect(response.headers.get('etag')).toBe('"a"')
  })
})

describe('the gateway', () => {
  it('is healthy when the pipeline is', async () => {
    let healthy = true
    const { url } = await openGateway({ healthy: () => healthy })
    const ok = await fetch(`${url}/health`)
    expect([ok.status, await ok.json()]).toEqual([200, { status: 'ok' }])
    healthy = false
    expect((await fetch(`${url}/health`)).status).toBe(503)
  })

  it('serves the dashboard', async () => {
    const { url } = await openGateway()
    const response = await fetch(url)
    expect([response.status, await response.text()]).toEqual([200, '<p>'])
  })
})
