import fc from 'fast-check'
import { expect, it } from 'vitest'
import { writeEnvelope } from '../../../ingest/envelope.ts'
import { controlKey } from '../../../ingest/partition-key.ts'
import { aPoll } from '../arrivals.ts'
import { anArchive, recount, type Sent, sentMarker } from './an-archive.ts'

const shard = 'shardId-000000000000'
const poll = aPoll({ createdAt: 1000, opensAt: 1000, shards: [shard], closedAt: 9_000_000 })
const vote = '{"option":"ana"}'
const envelope = (rest: string): string => `{"v":1,"poll":"final",${rest}}`
const one = `"acceptedAt":5,"n":1,"votes":[${vote}]`
const deep = (left: string, right: string): string => left.repeat(50_000) + right.repeat(50_000)

/** Where JSON.parse and other readers are known to differ, or the rules are easily got wrong. */
const odd: readonly (string | Buffer)[] = [
  '',
  ' ',
  'null',
  '1',
  '"x"',
  '[]',
  '[{"v":1}]',
  '{}',
  'NaN',
  '{"v":NaN}',
  '{"v":1}',
  '{"v":"1"}',
  '{"v":true}',
  envelope(one),
  ` ${envelope(one)}\r\n`,
  `\ufeff${envelope(one)}`,
  `\u00a0${envelope(one)}`,
  `${envelope(one)}\u0000`,
  `${envelope(one)}x`,
  `${envelope(one)}${envelope(one)}`,
  envelope(`${one},`),
  envelope(`${one} ,\n`),
  envelope(`${one},"x":",]"`),
  envelope(`${one},"x":"nan Infinity"`),
  envelope(`${one},"x":Infinity`),
  envelope(`${one},"x":-inf`),
  envelope(`${one},"x":[1,]`),
  envelope(`${one},"x":1e400`),
  envelope(`${one},"x":01`),
  envelope(`${one},"x":.5`),
  envelope(`${one},"x":+1`),
  envelope(`${one},"x":'a'`),
  envelope(`${one},"x":/* a */1`),
  envelope(`${one},"x":"\\ud800"`),
  envelope(`${one},"\\udfff":"\\ud83d\\ude00"`),
  envelope(`${one},"x":"\\\\ud800","y":"\\\\","z":"\\"nan,]"`),
  envelope(`${one},"x":"\\u12"`),
  envelope(`${one},"x":"\\v"`),
  envelope(`${one},"x":"a\tb"`),
  envelope(`${one},"x":"a\u0000b"`),
  envelope(`${one},"x":"\\u0000"`),
  envelope(`${one},"x":"\u2028\u007f"`),
  envelope(`${one},"x":${deep('[', ']')}`),
  envelope(`${one},"x":${deep('{"a":', '}').replace('}', '1}')}`),
  // Twice the same name: the last one stands.
  `{"v":2,"poll":"nobody","v":1,"poll":"final",${one}}`,
  `{"v":1,"poll":"final",${one},"v":2}`,
  envelope(`${one},"n":2,"votes":[${vote},{"option":"eva","option":"bia"}]`),
  envelope(`"acceptedAt":5,"n":1,"votes":[{"option":"ana","option":7}]`),
  // Escapes that spell names and ids.
  '{"\\u0076":1,"p\\u006fll":"fin\\u0061l","acceptedAt":5,"n":1,"votes":[{"opti\\u006fn":"\\u0061na"}]}',
  envelope(`"acceptedAt":5,"n":1,"votes":[{"option":"ana\\u0000"}]`),
  envelope(`"acceptedAt":5,"n":1,"votes":[{"option":"ana\\n"}]`),
  envelope(`"acceptedAt":5,"n":1,"votes":[{"option":"\\ud800"}]`),
  envelope(`"acceptedAt":5,"n":1,"votes":[{"option":""}]`),
  '{"v":1,"poll":"","acceptedAt":5,"n":1,"votes":[{"option":"ana"}]}',
  '{"v":1,"poll":"final\\u0000","acceptedAt":5,"n":1,"votes":[{"option":"ana"}]}',
  // Numbers.
  ...[
    '1.0',
    '1e0',
    '10e-1',
    '1.0000000000000000000000001',
    '0.99999999999999999999999',
    '1.1',
    '-1',
    '1e400',
    '1e-400',
  ].flatMap((number) => [
    `{"v":${number},"poll":"final",${one}}`,
    envelope(`"acceptedAt":5,"n":${number},"votes":[${vote}]`),
    envelope(`"acceptedAt":${number},"n":1,"votes":[${vote}]`),
  ]),
  ...[
    '"1"',
    'null',
    'true',
    '[1]',
    '{}',
    '0',
    '2',
    '500',
    '501',
    '2.5',
    '9007199254740993',
    `1${'0'.repeat(400)}`,
    '-0',
  ].flatMap((n) => [
    envelope(`"acceptedAt":5,"n":${n},"votes":[${vote}]`),
    envelope(`"acceptedAt":${n},"n":1,"votes":[${vote}]`),
    `{"v":2,"n":${n},"votes":[1,2,3]}`,
    `{"v":2,"n":${n}}`,
    `{"v":${n}}`,
  ]),
  // Votes that are none.
  ...[
    '[]',
    '{}',
    '"ana"',
    'null',
    '[1]',
    '[null]',
    '[[]]',
    '[{}]',
    `[${vote},[]]`,
    '[{"option":null}]',
    '{"0":{"option":"ana"}}',
  ].flatMap((votes) => [1, 2].map((n) => envelope(`"acceptedAt":5,"n":${n},"votes":${votes}`))),
  envelope(`"acceptedAt":5,"votes":[${vote},${vote}]`),
  writeEnvelope(
    'final',
    5,
    Array.from({ length: 500 }, () => ({ option: 'bia' })),
  ),
  writeEnvelope(
    'final',
    5,
    Array.from({ length: 501 }, () => ({ option: 'bia' })),
  ),
  `{"v":2,"votes":[${Array.from({ length: 501 }, () => 1).join(',')}]}`,
  `{"v":1,"control":"close","poll":{"id":"final","shards":[]}}`,
  Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  Buffer.concat([
    Buffer.from(envelope(one).slice(0, -1)),
    Buffer.from(',"x":"'),
    Buffer.from([0xc3]),
    Buffer.from('"}'),
  ]),
]
const oddControls: readonly string[] = [
  '{',
  'null',
  '{"v":1}',
  '{"v":2,"n":9}',
  `{"v":1,"control":"close"}`,
  '{"v":1,"control":"close","poll":"final"}',
  '{"v":1,"control":"close","poll":{"id":"final"}}',
  '{"v":1,"control":"close","poll":{"id":7,"shards":[]}}',
  '{"v":1,"control":"close","poll":{"id":"final","shards":{}}}',
  '{"v":1,"control":"open","poll":{"id":"final","shards":[]}}',
  '{"v":1,"control":"close","poll":{"id":"other","shards":[]}}',
  '{"v":1,"control":"close","poll":{"id":"final","id":"other","shards":[]}}',
  '{"v":1,"control":"close","poll":[{"id":"final","shards":[]}]}',
  envelope(one),
]

/** Each in a part of its own, so that no two mistakes can make up for each other. */
const verdictOn = async (texts: readonly (string | Buffer)[], controls: readonly string[] = []) => {
  const sent: Sent[] = [
    ...texts.map((data) => ({ data })),
    ...controls.map((data) => ({ data, partitionKey: controlKey })),
    ...texts.slice(0, 1).map((data) => ({ data })),
  ].map((one, at) => ({ ...one, arrival: 2000 + at * 10 }))
  const archive = anArchive(poll, { [shard]: [...sent, sentMarker(8_000_000, poll)] }, { windowMs: 10 })
  const { verdict, disagreements } = await recount(archive)
  return {
    verdict,
    // Which text it was says more than which part.
    disagreements: disagreements.map((one) => ({
      ...one,
      sent: String(sent[one.part ?? -1]?.data).slice(0, 200),
    })),
  }
}
const agrees = { verdict: 'agrees', disagreements: [] }

it('SQL and the fold read every odd record alike', async () => {
  expect(await verdictOn(odd, oddControls)).toEqual(agrees)
}, 60_000)

const snippets = [
  '"',
  '\\',
  ',',
  '{',
  '}',
  '[',
  ']',
  ':',
  '1',
  '-',
  '.',
  'e9',
  'null',
  'NaN',
  'inf',
  '\\u0061',
  '\\ud800',
  '\\"',
  ' ',
  '\n',
  '\u0000',
  '"n":2',
  '"v":1',
  '"votes":[]',
  '"option":"bia"',
  'é',
]
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(6),
  put: fc.constantFrom('', ...snippets),
})
const mutated = fc
  .tuple(
    fc.constantFrom(
      envelope(one),
      writeEnvelope('final', 5, [{ option: 'ana' }, { option: 'bia', voteId: 'x' }]),
      '{"v":2,"n":3,"votes":[1]}',
    ),
    fc.array(mutation, { minLength: 1, maxLength: 3 }),
  )
  .map(([text, mutations]) =>
    mutations.reduce((now, { at, cut, put }) => {
      const from = Math.floor(at * now.length)
      return now.slice(0, from) + put + now.slice(from + cut)
    }, text),
  )

it('SQL and the fold read randomly damaged records alike', async () => {
  const many = fc.array(fc.oneof(mutated, fc.json()), { minLength: 150, maxLength: 150 })
  const property = fc.asyncProperty(many, async (texts) => {
    expect(await verdictOn(texts)).toEqual(agrees)
  })
  await fc.assert(property, { numRuns: 8, endOnFailure: true })
}, 120_000)
