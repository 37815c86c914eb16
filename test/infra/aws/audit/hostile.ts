const envelope = (rest: string): string => `{"v":1,"poll":"final",${rest}}`
const vote = (option: string): string => `{"option":"${option}"}`
const one = (option: string): string => `"acceptedAt":5,"n":1,"votes":[${vote(option)}]`

type Text = (option: string) => string | Buffer

/** A whole envelope with something put before or behind it, or into it as a further member. */
const around: Text[] = [
  (option) => ` ${envelope(one(option))}\r\n`,
  (option) => `\ufeff${envelope(one(option))}`,
  (option) => `\u00a0${envelope(one(option))}`,
  (option) => `${envelope(one(option))}\u0000`,
  (option) => `${envelope(one(option))}x`,
  // What a reader may take that stops behind the first value.
  (option) => `${envelope(one(option))}{}`,
  (option) => `${envelope(one(option))},{}`,
  (option) => `${envelope(one(option))}]`,
  (option) => `${envelope(one(option))}]{"x":[1`,
  (option) => `${envelope(one(option))} [`,
  (option) => `[${envelope(one(option))}]`,
  ...[
    ',',
    ',"x":NaN',
    ',"x":Infinity',
    ',"x":[1,]',
    ',"x":1e400',
    ',"x":01',
    ",'x':1",
    ',"x":/* a */1',
    ',"x":"\\ud800"',
    ',"\\udfff":"\\ud83d\\ude00"',
    ',"x":"\\\\ud800","y":"\\\\","z":"\\"nan,]"',
    ',"x":"\\u12"',
    ',"x":"a\tb"',
    ',"x":"\\u0000"',
    ',"x":"\u2028\u007f"',
    ',"v":2',
    ',"poll":"other"',
    ',"n":2',
    ',"control":"close"',
  ].map(
    (rest): Text =>
      (option) =>
        envelope(one(option) + rest),
  ),
  (option) =>
    Buffer.concat([
      Buffer.from(envelope(one(option)).slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xc3]),
      Buffer.from('"}'),
    ]),
  () => Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  () => '',
  () => '{}',
  () => 'null',
]

const members: Text[] = [
  (option) => `{"v":2,"poll":"nobody","v":1,"poll":"final",${one(option)}}`,
  (option) =>
    `{"\\u0076":1,"p\\u006fll":"fin\\u0061l","acceptedAt":5,"n":1,"votes":[{"opti\\u006fn":"${option}"}]}`,
  (option) => `{"v":1,"poll":"final\\u0000",${one(option)}}`,
  (option) => `{"v":1,"poll":["final"],${one(option)}}`,
  (option) => `{"v":1,"poll":{"id":"final"},${one(option)}}`,
  ...[
    '1.0',
    '1e0',
    '10e-1',
    '1.0000000000000000000000001',
    '1.1',
    '-1',
    '1e400',
    '"1"',
    'true',
    'null',
    '[1]',
  ].flatMap((number): Text[] => [
    (option) => `{"v":${number},"poll":"final",${one(option)}}`,
    (option) => envelope(`"acceptedAt":5,"n":${number},"votes":[${vote(option)}]`),
    (option) => envelope(`"acceptedAt":${number},"n":1,"votes":[${vote(option)}]`),
  ]),
  ...['0', '2', '501', `1${'0'.repeat(400)}`].map(
    (n): Text =>
      (option) =>
        envelope(`"acceptedAt":5,"n":${n},"votes":[${vote(option)}]`),
  ),
]

const lists: Text[] = [
  (option) => envelope(`"acceptedAt":5,"n":1,"votes":{"0":${vote(option)}}`),
  (option) => envelope(`"acceptedAt":5,"n":1,"votes":["{\\"option\\":\\"${option}\\"}"]`),
  (option) => envelope(`"acceptedAt":5,"n":1,"votes":[[${vote(option)}]]`),
  (option) => envelope(`"acceptedAt":5,"n":2,"votes":[${vote(option)},{}]`),
  (option) => envelope(`"acceptedAt":5,"n":2,"votes":[${vote(option)},null]`),
  (option) => envelope(`"acceptedAt":5,"n":2,"votes":[${vote(option)},{"option":7}]`),
  (option) =>
    envelope(`"acceptedAt":5,"n":2,"votes":[${vote(option)},{"option":"eva","option":"${option}"}]`),
  (option) => envelope(`"acceptedAt":5,"n":1,"votes":[{"option":"${option}\\u0000"}]`),
  (option) => envelope(`"acceptedAt":5,"n":1,"votes":[{"option":"${option}\\ud800"}]`),
  (option) => envelope(`"acceptedAt":5,"n":1,"votes":[{"option":""}]`).replace('""', `"${option} "`),
  ...[500, 501].map(
    (n): Text =>
      (option) =>
        envelope(
          `"acceptedAt":5,"n":${n},"votes":[${Array.from({ length: n }, () => vote(option)).join(',')}]`,
        ),
  ),
  () => envelope('"acceptedAt":5,"n":0,"votes":[]'),
]

/** Where readers of JSON are known to differ, or the rules are easily got wrong; each made for an option's id. */
export const hostileVotes: readonly Text[] = [...around, ...members, ...lists]

/** Under the control key, and yet no marker of the poll `final`. */
export const hostileControls: readonly string[] = [
  '{',
  'null',
  '{"v":1}',
  '{"v":2,"control":"close","poll":{"id":"final","shards":[]}}',
  '{"v":1,"control":"close","poll":"final"}',
  '{"v":1,"control":"close","poll":{"id":"final"}}',
  '{"v":1,"control":"close","poll":{"id":7,"shards":[]}}',
  '{"v":1,"control":"close","poll":{"id":"final","shards":{}}}',
  '{"v":1,"control":["close"],"poll":{"id":"final","shards":[]}}',
  '{"v":1,"control":"open","poll":{"id":"final","shards":[]}}',
  '{"v":1,"control":"close","poll":{"id":"other","shards":[]}}',
  '{"v":1,"control":"close","poll":{"id":"final","id":"other","shards":[]}}',
  '{"v":1,"control":"close","poll":[{"id":"final","shards":[]}]}',
  '{"v":1,"control":"close","poll":{"id":"final","shards":[]}} {}',
  envelope(one('o0')),
]
