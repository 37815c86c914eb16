import { expect, test } from 'vitest'
import { type Caller, openCaller } from './call-kinesis.ts'

const openStream = async (): Promise<Caller> => {
  const caller = await openCaller()
  await caller.call('CreateStream', { StreamName: 's', ShardCount: 1 })
  return caller
}

const add = ({ call }: Caller, Tags: unknown) => call('AddTagsToStream', { StreamName: 's', Tags })

const list = async ({ call }: Caller, more: object = {}) =>
  (await call('ListTagsForStream', { StreamName: 's', ...more })).body

const tags = (count: number, from = 0): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`k${String(from + at).padStart(3, '0')}`, 'v']),
  )

test('tags are added, given new values, listed by their keys and removed', async () => {
  const caller = await openStream()
  expect(await list(caller)).toEqual({ Tags: [], HasMoreTags: false })
  expect(await add(caller, { team: 'votes', 'Größe @ home': '' })).toEqual({ status: 200, body: {} })
  await add(caller, { team: 'tally', env: 'x' })
  expect(await list(caller)).toEqual({
    Tags: [
      { Key: 'Größe @ home', Value: '' },
      { Key: 'env', Value: 'x' },
      { Key: 'team', Value: 'tally' },
    ],
    HasMoreTags: false,
  })
  const removal = { StreamName: 's', TagKeys: ['team', 'not there'] }
  expect(await caller.call('RemoveTagsFromStream', removal)).toEqual({ status: 200, body: {} })
  expect((await list(caller)).Tags?.map(({ Key }) => Key)).toEqual(['Größe @ home', 'env'])
})

test('a tag may be named like anything that objects, or refusals, have', async () => {
  const caller = await openStream()
  await add(caller, JSON.parse('{"__proto__":"a","toString":"b","__type":"c"}'))
  expect((await list(caller)).Tags).toEqual([
    { Key: '__proto__', Value: 'a' },
    { Key: '__type', Value: 'c' },
    { Key: 'toString', Value: 'b' },
  ])
})

test('a stream may have tags from the start, which outlive a restart', async () => {
  const { call, engine, folder } = await openCaller()
  expect(await call('CreateStream', { StreamName: 's', ShardCount: 1, Tags: { team: 'votes' } })).toEqual({
    status: 200,
    body: {},
  })
  await engine.close()
  const caller = await openCaller({ folder })
  expect((await list(caller)).Tags).toEqual([{ Key: 'team', Value: 'votes' }])
})

test.each([
  [{}, 'ValidationException', /Value '\{\}' at 'tags' .* greater than or equal to 1$/],
  [tags(51), 'InvalidArgumentException', /cannot have more than 50 tags/],
  [tags(201), 'ValidationException', /less than or equal to 200$/],
  [{ 'k#': 'v' }, 'InvalidArgumentException', /^Some tags contain invalid characters\./],
])('no stream is created with tags %o', async (Tags, type, message) => {
  const { call } = await openCaller()
  const { status, body } = await call('CreateStream', { StreamName: 's', ShardCount: 1, Tags })
  expect([status, body.__type]).toEqual([400, type])
  expect(body.message).toMatch(message)
  expect((await call('ListStreams', {})).body.StreamNames).toEqual([])
})

test('tags are checked beside the other fields', async () => {
  const { call } = await openCaller()
  const { body } = await call('AddTagsToStream', { StreamName: '', Tags: { ['k'.repeat(129)]: null, b: '' } })
  expect(body.message).toMatch(/^4 validation errors detected: .*Map keys.*'tags\.k+\.member'.*'streamName'/)
})

test('tags are listed in pages that go on behind a key', async () => {
  const caller = await openStream()
  await add(caller, tags(5))
  const first = await list(caller, { Limit: 2 })
  expect(first).toMatchObject({ Tags: [{ Key: 'k000' }, { Key: 'k001' }], HasMoreTags: true })
  const rest = await list(caller, { ExclusiveStartTagKey: 'k001', Limit: 3 })
  expect(rest).toMatchObject({
    Tags: [{ Key: 'k002' }, { Key: 'k003' }, { Key: 'k004' }],
    HasMoreTags: false,
  })
  for (const Limit of [0, 51]) expect((await list(caller, { Limit })).__type).toBe('ValidationException')
})

test('a stream has 50 tags at most', async () => {
  const caller = await openStream()
  expect((await add(caller, tags(50))).status).toBe(200)
  expect((await add(caller, tags(1))).status).toBe(200) // one that is there already
  expect((await add(caller, tags(1, 50))).body).toEqual({
    __type: 'InvalidArgumentException',
    message:
      'Failed to add tags to stream s under account 000000000000 ' +
      'because a given stream cannot have more than 50 tags associated with it.',
  })
  expect((await list(caller)).Tags).toHaveLength(50)
})

test.each([
  [undefined, 'ValidationException', /Value null at 'tags' .* not be null$/],
  [{}, 'ValidationException', /Value '\{\}' at 'tags' .* greater than or equal to 1$/],
  [tags(201), 'ValidationException', /less than or equal to 200$/],
  [{ '': 'v' }, 'ValidationException', /Value '\{=v\}' at 'tags' .* Map keys must satisfy constraint/],
  [{ [`${'k'.repeat(129)}`]: 'v' }, 'ValidationException', /Map keys must satisfy constraint/],
  [{ k: 'v'.repeat(257) }, 'ValidationException', /Map value must satisfy constraint/],
  [{ 'k#': 'v' }, 'InvalidArgumentException', /^Some tags contain invalid characters\./],
  [{ k: 'v,' }, 'InvalidArgumentException', /^Some tags contain invalid characters\./],
])('tags %o are refused', async (wrong, type, message) => {
  const caller = await openStream()
  const { status, body } = await add(caller, wrong)
  expect([status, body.__type]).toEqual([400, type])
  expect(body.message).toMatch(message)
  expect((await list(caller)).Tags).toEqual([])
})

test.each([
  ['text', 'Expected map or null'],
  [['k'], 'Start of list found where not expected'],
  [{ k: 1 }, 'NUMBER_VALUE can not be converted to a String'],
  [{ k: {} }, 'Start of structure or map found where not expected.'],
])('tags %o cannot be read', async (wrong, Message) => {
  const { body } = await add(await openStream(), wrong)
  expect(body).toEqual({ __type: 'SerializationException', Message })
})

test.each([
  [[], 'ValidationException'],
  [[''], 'ValidationException'],
  [Array(51).fill('k'), 'ValidationException'],
  [['k#'], 'InvalidArgumentException'],
])('tag keys %o cannot be removed', async (TagKeys, type) => {
  const { call } = await openStream()
  expect((await call('RemoveTagsFromStream', { StreamName: 's', TagKeys })).body.__type).toBe(type)
})
