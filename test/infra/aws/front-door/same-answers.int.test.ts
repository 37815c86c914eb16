import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GatewayPorts } from '../../../../infra/local/gateway/gateway.ts'
import { type ErrorCode, errorTable } from '../../../../ingest/errors.ts'
import { controlKey } from '../../../../ingest/partition-key.ts'
import { parseBody } from '../../../../ingest/schema.ts'
import { type RenderedRecord, recordOf } from '../../../ingest/mapping-template.ts'
import { type Case, refused, sentBody, taken } from '../../local/gateway/cases.ts'
import { openGateway } from '../../local/gateway/open-gateway.ts'
import { type ApiAnswer, type ApiPorts, restApi } from './rest-api.ts'
import { frontDoorTemplate } from './synthesized.ts'

const template = frontDoorTemplate()
const time = 1_790_000_000_000
const receipt = { shardId: 'shardId-000000000003', sequenceNumber: `49${'7'.repeat(54)}` }
const stored = JSON.stringify({
  ShardId: receipt.shardId,
  SequenceNumber: receipt.sequenceNumber,
  EncryptionType: 'KMS',
})

/** Differences that API Gateway forces (docs/fidelity.md). The number of votes taken, or the other code. */
const forced: Record<string, ErrorCode | number> = {
  // Gateway responses cannot tell what was wrong with a body.
  'a body that is not JSON': 'invalid_vote',
  'an empty body': 'invalid_vote',
  // The body is looked at before its type, whatever that is.
  'a form': 'invalid_vote',
  // Only 10 MB are too large; what pads a batch is dropped.
  'a batch over 512 KiB': 1,
  // No model sees the path. The aggregator rejects the vote as unknown_poll.
  'a poll id that is no slug': 1,
  // Reads are not behind this door, so it does not know their paths.
  'a vote sent to the scoreboard': 'not_found',
  'a deletion': 'not_found',
}

/** Refusals whose words cannot name what was sent, as the local gateway's do. */
const inOtherWords: ReadonlySet<string> = new Set(['invalid_vote', 'not_found', 'method_not_allowed'])

type Put = { partitionKey: string; data: string }

const anApi = (changes: Partial<ApiPorts> = {}) => {
  const records: RenderedRecord[] = []
  const send = restApi(template, {
    apiKey: 'a-key',
    now: () => time,
    putRecord: (body) => {
      records.push(recordOf(body))
      return { status: 200, body: stored }
    },
    ...changes,
  })
  return { records, send: (request: Omit<Case, 'fact' | 'expected'>) => send(withKey(request)) }
}

const withKey = <T extends Pick<Case, 'headers'>>(request: T): T => ({
  ...request,
  headers: { ...request.headers, 'x-api-key': 'a-key' },
})

/** The local gateway's answer to the same request, and what it put. */
const locally = async (
  { method, path, headers, ...rest }: Case,
  stream?: GatewayPorts['stream'],
): Promise<{ answer: ApiAnswer; puts: Put[] }> => {
  const puts: Put[] = []
  const put = (partitionKey: string, data: string | Uint8Array) => {
    puts.push({ partitionKey, data: data.toString() })
    return { ...receipt, durable: Promise.resolve() }
  }
  const { url } = await openGateway({ stream: stream ?? { put }, now: () => time })
  const response = await fetch(url + path, { method, headers, ...sentBody(rest) })
  const { status } = response
  return {
    answer: { status, headers: Object.fromEntries(response.headers), body: await response.text() },
    puts,
  }
}

/** What a client goes by. */
const seen = ({ status, headers, body }: ApiAnswer) => ({
  status,
  type: headers['content-type'],
  retryAfter: headers['retry-after'],
  allow: headers.allow,
  body: JSON.parse(body),
})

describe('the API as it was synthesized answers as the local gateway does:', () => {
  it.each(taken)('$fact', async (request) => {
    const { send, records } = anApi()
    const answer = send(request)
    const local = await locally(request)
    expect(seen(answer)).toEqual(seen(local.answer))
    expect(seen(answer)).toMatchObject({ status: 202, body: { accepted: request.expected, receipt } })
    expect(records.map(({ data }) => data.toString())).toEqual(local.puts.map(({ data }) => data))
    for (const { partitionKey } of [...records, ...local.puts])
      expect(partitionKey).toMatch(/^v-[\w+/=]{15,}$/)
  })

  it.each(refused.filter(({ fact }) => !(fact in forced)))('$fact', async (request) => {
    const { send, records } = anApi()
    const answer = seen(send(request))
    const local = seen((await locally(request)).answer)
    expect(answer).toMatchObject({
      body: { error: request.expected, message: expect.stringMatching(/.{10,}/) },
    })
    if (inOtherWords.has(answer.body.error)) local.body.message = answer.body.message
    expect(answer).toEqual(local)
    expect(records).toEqual([])
  })

  it.each(Object.entries(forced))('but not: %s', (fact, expected) => {
    const request = refused.find((one) => one.fact === fact)
    if (request === undefined) throw new Error(`no such case: ${fact}`)
    const { send, records } = anApi()
    const answer = seen(send(request))
    if (typeof expected === 'number') {
      expect(answer).toMatchObject({ status: 202, body: { accepted: expected } })
      expect(records).toHaveLength(1)
    } else {
      expect(answer).toMatchObject({ status: errorTable[expected].status, body: { error: expected } })
      expect(records).toEqual([])
    }
  })
})

const vote: Case = {
  fact: 'a vote',
  method: 'POST',
  path: '/polls/final/votes',
  body: '{"option":"ana"}',
  headers: { 'content-type': 'application/json' },
  expected: 1,
}
const batch: Case = { ...vote, path: `${vote.path}/batch`, body: '{"votes":[{"option":"ana"}]}' }

const fullDisk: GatewayPorts['stream'] = {
  put: () => ({ ...receipt, durable: Promise.reject(new Error('no space left')) }),
}

describe.each([
  ['a vote', vote],
  ['a batch', batch],
])('what the stream answers to %s:', (_, request) => {
  const refusal = (type: string) => ({
    status: 400,
    body: JSON.stringify({ __type: type, message: 'No "."' }),
  })

  it.each([
    'ProvisionedThroughputExceededException',
    'com.amazonaws.kinesis.v20131202#ProvisionedThroughputExceededException',
    'LimitExceededException',
    'KMSThrottlingException',
  ])('%s is 429, as of a shard over its rate', async (type) => {
    const answer = anApi({ putRecord: () => refusal(type) }).send(request)
    const local = await locally(request, { put: () => ({ throttled: 'shardId-000000000000' }) })
    expect(seen(answer)).toEqual(seen(local.answer))
    expect(seen(answer)).toMatchObject({ status: 429, retryAfter: '1', body: { error: 'throttled' } })
  })

  it.each([
    'ValidationException',
    'AccessDeniedException',
    'ResourceNotFoundException',
    'KMSDisabledException',
  ])('%s is 400, and nothing to wait for', (type) => {
    const answer = seen(anApi({ putRecord: () => refusal(type) }).send(request))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.retryAfter).toBeUndefined()
  })

  it('a refusal without a type is 400', () => {
    const answer = anApi({ putRecord: () => ({ status: 403, body: '{}' }) }).send(request)
    expect(seen(answer)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  it.each([500, 503, 504, 301, 204])(
    'status %i is 503, as of a log that cannot be written',
    async (status) => {
      const answer = anApi({ putRecord: () => ({ status, body: '' }) }).send(request)
      const local = await locally(request, fullDisk)
      expect(seen(answer)).toEqual(seen(local.answer))
      expect(seen(answer)).toMatchObject({ status: 503, retryAfter: '1', body: { error: 'unavailable' } })
    },
  )

  it('no answer is 503', async () => {
    const putRecord = () => {
      throw new Error('connection refused')
    }
    const answer = anApi({ putRecord }).send(request)
    const local = await locally(request, fullDisk)
    expect(seen(answer)).toEqual(seen(local.answer))
  })
})

describe('the API', () => {
  it('asks Kinesis with its own content type, and with nothing that a client named', () => {
    const asked: Record<string, string>[] = []
    const { send } = anApi({
      putRecord: (_body, headers) => {
        asked.push(headers)
        return { status: 200, body: stored }
      },
    })
    const headers = {
      ...vote.headers,
      'Placar-Votes': '500',
      'x-amz-target': 'Kinesis_20131202.DeleteStream',
    }
    send({ ...vote, headers })
    send({ ...batch, headers })
    const type = { 'Content-Type': 'application/x-amz-json-1.1' }
    expect(asked).toEqual([type, { ...type, 'Placar-Votes': '1' }])
  })

  it('takes a batch only from one who shows an API key', () => {
    const { send, records } = anApi({ apiKey: 'another' })
    expect(seen(send(batch))).toMatchObject({ status: 403, body: { error: 'forbidden' } })
    expect(records).toEqual([])
    expect(send(vote).status).toBe(202)
  })

  it('says what was expected of a body in the local gateway’s words', () => {
    const { message } = seen(anApi().send({ ...vote, body: '' })).body
    for (const isBatch of [false, true]) {
      const local = parseBody('', isBatch)
      if ('votes' in local) throw new Error('an empty body is none')
      expect(message).toContain(local.refusal.message.replace(/.*expected (.*)\.$/, '$1'))
    }
  })

  it('lets every browser read every answer', async () => {
    const { send } = anApi()
    for (const request of [...taken, ...refused])
      expect([request.fact, send(request).headers['access-control-allow-origin']]).toEqual([
        request.fact,
        '*',
      ])
  })

  it('takes, refuses and puts any body as the local gateway does', () => {
    const text = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.string().map((option) => JSON.stringify({ option })),
      fc.stringMatching(/^[a-z0-9-]{1,64}$/).map((option) => JSON.stringify({ option, voteId: option })),
      fc
        .array(fc.record({ option: fc.stringMatching(/^[a-z-]{1,3}$/) }))
        .map((votes) => JSON.stringify({ votes })),
    )
    const { send, records } = anApi()
    fc.assert(
      fc.property(text, fc.boolean(), (body, isBatch) => {
        const parsed = parseBody(body, isBatch)
        const answer = seen(send({ ...(isBatch ? batch : vote), body }))
        expect(answer.status).toBe('votes' in parsed ? 202 : 400)
        if ('votes' in parsed) expect(answer.body.accepted).toBe(parsed.votes.length)
      }),
      { numRuns: 1000 },
    )
    expect(records.length).toBeGreaterThan(0)
    for (const { partitionKey } of records) expect(partitionKey).not.toBe(controlKey)
  })
})
