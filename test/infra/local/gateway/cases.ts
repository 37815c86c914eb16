import type { ErrorCode } from '../../../../ingest/errors.ts'
import { controlKey } from '../../../../ingest/partition-key.ts'

/**
 * A request and what becomes of it: a refusal's code, or the number of votes taken. The local gateway is held to it here,
 * the API that is synthesized for AWS in infra/aws/front-door/same-answers.int.test.ts.
 */
export type Case = {
  fact: string
  method: string
  path: string
  body?: string
  headers: Record<string, string>
  expected: ErrorCode | number
}

const votes = '/polls/final/votes'
const vote = '{"option":"ana"}'
const json = { 'content-type': 'application/json' }
const every = '{"option":"ana","voteId":"v_1-A","voterId":"Z","castAt":1789999999950}'

const post = (
  fact: string,
  body: string,
  expected: ErrorCode | number,
  { path = votes, headers = json }: { path?: string; headers?: Record<string, string> } = {},
): Case => ({ fact, method: 'POST', path, body, headers, expected })

const batch = (fact: string, body: string, expected: ErrorCode | number): Case =>
  post(fact, body, expected, { path: `${votes}/batch` })

const typed = (type: string) => ({ headers: { 'content-type': type } })

const ask = (fact: string, method: string, path: string, expected: ErrorCode): Case => ({
  fact,
  method,
  path,
  headers: {},
  expected,
})

/** A body of more than `kib` KiB, that begins so. */
const padded = (start: string, kib: number): string =>
  `${start.slice(0, -1)},"padding":"${'x'.repeat(kib * 1024)}"}`

const many = (n: number): string => JSON.stringify({ votes: Array(n).fill({ option: 'ana' }) })

export const refused: Case[] = [
  post('a body that is not JSON', '{"option":', 'invalid_json'),
  post('an empty body', '', 'invalid_json'),
  post('a vote without an option', '{}', 'invalid_vote'),
  post('an option that is no slug', '{"option":"A b"}', 'invalid_vote'),
  post('an option of 65 characters', `{"option":"${'a'.repeat(65)}"}`, 'invalid_vote'),
  post('a voteId with a quote', '{"option":"ana","voteId":"\\""}', 'invalid_vote'),
  post('an empty voterId', '{"option":"ana","voterId":""}', 'invalid_vote'),
  post('a castAt that is text', '{"option":"ana","castAt":"1"}', 'invalid_vote'),
  post('a negative castAt', '{"option":"ana","castAt":-1}', 'invalid_vote'),
  post('null', 'null', 'invalid_vote'),
  post('a list', '[{"option":"ana"}]', 'invalid_vote'),
  post('a batch where a vote belongs', many(1), 'invalid_vote'),
  batch('a vote where a batch belongs', vote, 'invalid_vote'),
  batch('a batch of none', '{"votes":[]}', 'invalid_vote'),
  batch('a batch of 501', many(501), 'invalid_vote'),
  batch('a batch with one bad vote', '{"votes":[{"option":"ana"},{"option":"!"}]}', 'invalid_vote'),
  ask('a path that leads nowhere', 'GET', '/nowhere', 'not_found'),
  post('a poll id that is no slug', vote, 'not_found', { path: '/polls/A%20b/votes' }),
  ask('something behind a view', 'GET', '/polls/final/scoreboard/x', 'not_found'),
  ask('a view that there is not', 'GET', `${votes}/x`, 'not_found'),
  ask('a read of the votes', 'GET', votes, 'method_not_allowed'),
  ask('a deletion of a batch', 'DELETE', `${votes}/batch`, 'method_not_allowed'),
  post('a vote sent to the scoreboard', vote, 'method_not_allowed', { path: '/polls/final/scoreboard' }),
  ask('a deletion', 'DELETE', '/polls', 'method_not_allowed'),
  post('a form', 'option=ana', 'unsupported_media_type', typed('application/x-www-form-urlencoded')),
  post('JSON that calls itself text', vote, 'unsupported_media_type', typed('text/plain')),
  post('a type that only begins like JSON', vote, 'unsupported_media_type', typed('application/json-seq')),
  post('a vote over 64 KiB', padded(vote, 64), 'too_large'),
  batch('a batch over 512 KiB', padded(many(1), 512), 'too_large'),
]

export const taken: Case[] = [
  post('a vote', vote, 1),
  post('a vote with every field', every, 1),
  post('a vote with properties that nobody knows', '{"v":2,"poll":"x","option":"ana","votes":[{}]}', 1),
  post('a vote with a charset', vote, 1, typed('application/json; charset=utf-8')),
  post('a vote without a Content-Type', vote, 1, { headers: {} }),
  post('a vote that would be a template', '{"option":"ana","x":"$context.requestId #end #set($q = 1)"}', 1),
  post(
    'a vote that would be a close marker',
    `{"option":"ana","PartitionKey":"${controlKey}","control":"close","poll":{"id":"final","shards":[]}}`,
    1,
  ),
  ...[controlKey, '11111111-2222-4333-8444-555555555555'].flatMap((id) => [
    post(`a vote with the request id ${id}`, vote, 1, { headers: { ...json, 'x-amzn-RequestId': id } }),
    post(`a vote with the extended request id ${id}`, vote, 1, {
      headers: { ...json, 'x-amz-apigw-id': id, 'x-amz-id-2': id, 'x-amz-request-id': id },
    }),
  ]),
  post('a vote that names its poll and its stream twice', vote, 1, {
    path: `${votes}?poll=other&streamName=other`,
    headers: { ...json, poll: 'other', 'x-amz-target': 'Kinesis_20131202.DeleteStream' },
  }),
  post('a vote of up to 64 KiB', padded(vote, 63), 1),
  batch('a batch of one', many(1), 1),
  batch('a batch of 500', many(500), 500),
  batch('a batch of votes with fewer and fewer fields', `{"votes":[${every},${vote}]}`, 2),
  batch('a batch that says another number', '{"votes":[{"option":"ana"}],"n":500,"accepted":500}', 1),
  post('a batch that says another number in a header', many(3), 3, {
    path: `${votes}/batch`,
    headers: { ...json, 'Placar-Votes': '500' },
  }),
  batch('a batch of up to 512 KiB', padded(many(2), 511), 2),
]

/** The body as bytes: given text, fetch would add a Content-Type of its own. */
export const sentBody = ({ body }: Pick<Case, 'body'>): { body?: Uint8Array<ArrayBuffer> } =>
  body === undefined ? {} : { body: new TextEncoder().encode(body) }
