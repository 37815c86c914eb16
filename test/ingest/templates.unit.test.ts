import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecord, writeEnvelope } from '../../ingest/envelope.ts'
import { controlKey, voteKey } from '../../ingest/partition-key.ts'
import { parseBody } from '../../ingest/schema.ts'
import { maxBatchVotes, type Vote } from '../../ingest/vote.ts'
import { type GatewayRequest, renderRecord, templates } from './mapping-template.ts'

const request: Omit<GatewayRequest, 'body'> = {
  poll: 'final',
  requestTimeEpoch: 1_790_000_000_000,
  extendedRequestId: 'JKJaXmPLvHcESHA=',
}

/** Renders what the schema lets through and what the local gateway would put, for one body. */
const both = (body: string, batch: boolean, poll = request.poll) => {
  const parsed = parseBody(body, batch)
  if (!('votes' in parsed)) throw new Error(`refused: ${parsed.refusal.message}`)
  const template = batch ? templates.batch : templates.vote
  const rendered = renderRecord(template, { ...request, poll, body })
  return { rendered, local: writeEnvelope(poll, request.requestTimeEpoch, parsed.votes) }
}

/** JSON text with these properties in this order; unlike an object literal it can hold an own `__proto__`. */
const json = (properties: readonly (readonly [string, unknown])[]): string =>
  `{${properties.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`

const slug = fc.stringMatching(/^[a-z0-9-]{1,64}$/)
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
const vote: fc.Arbitrary<Vote> = fc.record(
  {
    option: fc.oneof(slug, fc.constantFrom('constructor', 'null', '0', '-')),
    voteId: fc.oneof(id, fc.constantFrom('__proto__', 'toString', 'true', '0')),
    voterId: id,
    castAt: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, 2 ** 31, Number.MAX_SAFE_INTEGER)),
  },
  { requiredKeys: ['option'] },
)

const known = ['option', 'voteId', 'voterId', 'castAt', 'votes']
const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('$input.body', '$q', '#set($poll = "x")', '#end', '$context.requestId', '"}]}', '\\', "'"),
)
const hostileName = fc
  .oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'v', 'poll', 'n', 'control', 'length'),
    hostileText,
  )
  .filter((name) => !known.includes(name))
const unknownProperties = fc.array(fc.tuple(hostileName, fc.oneof(hostileText, fc.jsonValue())), {
  maxLength: 4,
})

/** A valid vote as JSON text, its fields in any order among properties that the schema does not name. */
const voteText = fc.tuple(vote, unknownProperties).chain(([valid, unknown]) => {
  const properties = [...Object.entries(valid), ...unknown]
  return fc.shuffledSubarray(properties, { minLength: properties.length }).map(json)
})

describe('the mapping templates', () => {
  test.each<[string, object]>([
    ['a vote with its option only', { option: 'ana' }],
    ['every field', { option: 'ana', voteId: 'v_1-A', voterId: 'Z'.repeat(64), castAt: 1_789_999_999_950 }],
    ['fields in another order', { castAt: 5, voterId: 'b', voteId: 'a', option: 'ana' }],
    ['cast at the epoch, which some Velocity versions take for false', { option: 'ana', castAt: 0 }],
    ['the largest instant', { option: 'ana', castAt: Number.MAX_SAFE_INTEGER }],
    ['ids that look like other types', { option: '0', voteId: 'null', voterId: 'false' }],
    [
      'unknown properties, nested ones too',
      { option: 'ana', votes: [{ option: 'bia' }], v: 2, poll: { id: 'x' } },
    ],
  ])('render what the local gateway writes: %s', (_, vote) => {
    const single = both(JSON.stringify(vote), false)
    expect(single.rendered.data.toString('utf8')).toBe(single.local)
    const batch = both(JSON.stringify({ votes: [vote, { option: 'bia' }, vote] }), true)
    expect(batch.rendered.data.toString('utf8')).toBe(batch.local)
  })

  test('render a PutRecord request to the stage’s stream, and nothing else', () => {
    const { rendered } = both('{"option":"ana"}', false)
    expect(rendered.names).toEqual(['StreamName', 'Data', 'PartitionKey'])
    expect(rendered.streamName).toBe('placar-votes')
  })

  test('any valid vote gives the local gateway’s bytes, whatever stands beside its fields', () => {
    fc.assert(
      fc.property(voteText, slug, (body, poll) => {
        const { rendered, local } = both(body, false, poll)
        expect(rendered.data.equals(Buffer.from(local, 'utf8'))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('any valid batch gives the local gateway’s bytes', () => {
    const batchText = fc
      .tuple(fc.array(voteText, { minLength: 1, maxLength: 12 }), unknownProperties)
      .map(
        ([votes, unknown]) =>
          `${json(unknown).slice(0, -1)}${unknown.length > 0 ? ',' : ''}"votes":[${votes}]}`,
      )
    fc.assert(
      fc.property(batchText, slug, (body, poll) => {
        const { rendered, local } = both(body, true, poll)
        expect(rendered.data.equals(Buffer.from(local, 'utf8'))).toBe(true)
      }),
    )
  })

  test.each([1, maxBatchVotes])('a batch of %i carries that number', (n) => {
    const votes = Array.from({ length: n }, (_, index) => ({ option: 'ana', voteId: `v${index}` }))
    const { rendered, local } = both(JSON.stringify({ votes }), true)
    expect(rendered.data.toString('utf8')).toBe(local)
    expect(JSON.parse(local).n).toBe(n)
  })

  test('a vote without ids does not take over those of the vote before it', () => {
    const { rendered } = both('{"votes":[{"option":"ana","voteId":"a","castAt":7},{"option":"bia"}]}', true)
    expect(JSON.parse(rendered.data.toString('utf8')).votes[1]).toEqual({ option: 'bia' })
  })
})

describe('what a client sends', () => {
  const injections = [
    '"',
    '\\',
    'ana\n',
    'a"},{"option":"bia',
    '$context.requestId',
    '$q',
    '#set($poll = 1)',
    '#end',
    'Ana',
    '',
    'a'.repeat(65),
  ]

  test.each(injections)('is refused by the schema as an option: %j', (option) => {
    expect(parseBody(JSON.stringify({ option }), false)).toMatchObject({ refusal: { error: 'invalid_vote' } })
    expect(parseBody(JSON.stringify({ votes: [{ option }] }), true)).toMatchObject({
      refusal: { error: 'invalid_vote' },
    })
  })

  test.each(injections.filter((text) => text !== 'Ana'))('is refused by the schema as an id: %j', (text) => {
    for (const name of ['voteId', 'voterId'])
      expect(parseBody(JSON.stringify({ option: 'ana', [name]: text }), false)).toMatchObject({
        refusal: { error: 'invalid_vote' },
      })
  })

  test.each([null, '0', -1, 1.5, 2 ** 53, true, [], {}])(
    'is refused by the schema as castAt: %j',
    (castAt) => {
      expect(parseBody(JSON.stringify({ option: 'ana', castAt }), false)).toMatchObject({
        refusal: { error: 'invalid_vote' },
      })
    },
  )

  test.each([null, { a: 1 }, ['ana'], 7])(
    'is refused by the schema where a text is expected: %j',
    (value) => {
      for (const name of ['option', 'voteId', 'voterId'])
        expect(parseBody(JSON.stringify({ option: 'ana', [name]: value }), false)).toMatchObject({
          refusal: { error: 'invalid_vote' },
        })
    },
  )

  // A Java regular expression's $ also matches before a last line end, so this one may pass the model on AWS.
  test('stays inside its string, should a line end at the end of an id pass the model', () => {
    const body = JSON.stringify({
      votes: [{ option: 'ana\n', voteId: 'a\n', voterId: 'b\n' }, { option: 'bia' }],
    })
    const { data } = renderRecord(templates.batch, { ...request, body })
    expect(JSON.parse(data.toString('utf8'))).toMatchObject({
      n: 2,
      votes: [{ option: 'ana\n', voteId: 'a\n', voterId: 'b\n' }, { option: 'bia' }],
    })
  })

  // No model sees the path: on AWS such a vote is accepted and rejected as unknown_poll by the aggregator.
  test('cannot shape the envelope by the poll in the path', () => {
    const path = fc.oneof(
      hostileText,
      fc.constantFrom('x","n":500,"y":"', 'it’s', "it's", 'a/b', '\u2028', '\ud800'),
    )
    fc.assert(
      fc.property(path, fc.boolean(), (poll, batch) => {
        const body = batch ? '{"votes":[{"option":"ana"}]}' : '{"option":"ana"}'
        const { data } = renderRecord(batch ? templates.batch : templates.vote, { ...request, poll, body })
        const envelope = JSON.parse(data.toString('utf8'))
        expect(envelope).toEqual({
          v: 1,
          poll,
          acceptedAt: request.requestTimeEpoch,
          n: 1,
          votes: [{ option: 'ana' }],
        })
        expect(readRecord('v-1', data.toString('utf8'))).toMatchObject({ kind: 'votes', poll })
      }),
      { numRuns: 300 },
    )
  })

  test('cannot name the poll by a query or a header', () => {
    const body = '{"option":"ana"}'
    const { data } = renderRecord(templates.vote, {
      ...request,
      body,
      query: { poll: 'q' },
      headers: { poll: 'h' },
    })
    expect(JSON.parse(data.toString('utf8')).poll).toBe('final')
  })

  test.each(['vote', 'batch'] as const)('cannot choose the partition key of a %s', (door) => {
    const body = '{"option":"ana","votes":[{"option":"ana"}],"PartitionKey":"placar-control"}'
    const headers = { 'x-amzn-RequestId': controlKey }
    const { partitionKey } = renderRecord(templates[door], {
      ...request,
      body,
      headers,
      requestId: controlKey,
    })
    expect(partitionKey).toBe(voteKey(request.extendedRequestId))
  })
})

describe('a mapping template uses only what API Gateway documents:', () => {
  const code = (template: string): string => template.replaceAll(/^##.*$/gm, '')
  const found = (template: string, pattern: RegExp): string[] => [
    ...new Set([...code(template).matchAll(pattern)].map(([match]) => match)),
  ]

  test.each(Object.entries(templates))('%s', (_, template) => {
    for (const directive of found(template, /#\w+/g))
      expect(['#set', '#if', '#foreach', '#end']).toContain(directive)
    for (const call of found(template, /(?<=\$\{?!?)(input|util|context|stageVariables)\.\w+/g))
      expect([
        'input.path',
        'input.params',
        'util.escapeJavaScript',
        'util.base64Encode',
        'context.requestTimeEpoch',
        'context.extendedRequestId',
        'context.requestOverride',
        'stageVariables.streamName',
      ]).toContain(call)
  })
})
