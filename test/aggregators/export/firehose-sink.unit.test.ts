import { FirehoseClient } from '@aws-sdk/client-firehose'
import { expect, test } from 'vitest'
import { partLine } from '../../../aggregators/archive-line.ts'
import { firehoseSink } from '../../../aggregators/export/firehose.sink.ts'
import type { SealedPart } from '../../../aggregators/part.ts'
import { isBeginning, labels, smallPart } from './sink-parts.ts'
import { type StubAnswer, stubClient, stubHandler } from './sink-stub.ts'

/** What a record of a request holds, decoded. */
const recordsOf = (body: string): string[] =>
  (JSON.parse(body).Records as { Data: string }[]).map(({ Data }) => Buffer.from(Data, 'base64').toString())

/** A sink whose Firehose stores or refuses records as `refuses` says; waits are noted, not waited. */
const openSink = (refuses: (record: string, request: number) => boolean | 'down') => {
  const stored: string[] = []
  const waits: number[] = []
  const { sent, requestHandler } = stubHandler(({ body }): StubAnswer => {
    const answers = recordsOf(body).map((record) => ({ record, refused: refuses(record, sent.length) }))
    if (answers.some(({ refused }) => refused === 'down'))
      return { status: 503, body: { __type: 'ServiceUnavailableException', message: 'Slow down.' } }
    stored.push(...answers.filter(({ refused }) => !refused).map(({ record }) => record))
    const RequestResponses = answers.map(({ refused }, index) =>
      refused ? { ErrorCode: 'InternalFailure', ErrorMessage: 'Try again.' } : { RecordId: `r${index}` },
    )
    const FailedPutCount = answers.filter(({ refused }) => refused).length
    return { status: 200, body: { FailedPutCount, RequestResponses } }
  })
  const client = new FirehoseClient({ ...stubClient, requestHandler })
  const sleep = async (ms: number) => waits.push(ms)
  return { sink: firehoseSink(client, 'windows', { sleep }), sent, stored, waits }
}

/** Of 600 KB as a line, so that no two go into one record. */
const largePart = (shard: number, number: number): SealedPart => ({
  ...smallPart(shard, number),
  bytes: 'x'.repeat(600_000),
})
const isOf = (record: string, part: SealedPart): boolean => record.includes(partLine(part))

test('parts are stored as the lines of the archive, in the order of their shard', async () => {
  const { sink, stored } = openSink(() => false)
  const parts = [smallPart(0, 0), smallPart(1, 4), smallPart(0, 1)]
  expect(labels(await sink.send(parts))).toEqual(['0:0', '0:1', '1:4'])
  const lines = stored.join('').split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.map((line) => JSON.parse(line)).map(({ kind, part }) => [kind, part])).toEqual([
    ['part', 0],
    ['part', 1],
    ['part', 4],
  ])
})

test('only the records that failed are sent again, after waits that double', async () => {
  const [a, b] = [largePart(0, 0), largePart(1, 0)]
  const { sink, sent, waits } = openSink((record, request) => isOf(record, a) && request < 3)
  expect(labels(await sink.send([a, b]))).toEqual(['0:0', '1:0'])
  expect(sent.map(({ body }) => recordsOf(body).length)).toEqual([2, 1, 1])
  expect(waits).toEqual([100, 200])
})

test('a record that keeps failing holds back its own shard, and nothing behind it is sent', async () => {
  const parts = [largePart(0, 0), largePart(1, 0), largePart(0, 1), largePart(1, 1)]
  const [stuck = smallPart(0, 0)] = parts
  const { sink, sent, waits } = openSink((record) => isOf(record, stuck))
  expect(labels(await sink.send(parts))).toEqual(['1:0', '1:1'])
  expect(waits).toEqual([100, 200, 400])
  const records = sent.flatMap(({ body }) => recordsOf(body))
  expect(records.filter((record) => isOf(record, largePart(0, 1)))).toEqual([])
})

test('what was taken before Firehose went down is returned', async () => {
  const parts = [largePart(0, 0), largePart(0, 1), largePart(0, 2)]
  const { sink } = openSink((_, request) => (request > 1 ? 'down' : false))
  const taken = await sink.send(parts)
  expect(labels(taken)).toEqual(['0:0'])
  expect(isBeginning(taken, parts)).toBe(true)
})

test('a request that breaks while records are sent again leaves those taken that were', async () => {
  const [a, b] = [largePart(0, 0), largePart(1, 0)]
  const { sink } = openSink((record, request) => (request > 1 ? 'down' : isOf(record, a)))
  expect(labels(await sink.send([a, b]))).toEqual(['1:0'])
})

test('a sink that takes nothing throws what stood in the way', async () => {
  const down = openSink(() => 'down')
  await expect(down.sink.send([smallPart(0, 0)])).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
  })
  const failing = openSink(() => true)
  await expect(failing.sink.send([smallPart(0, 0)])).rejects.toThrow(
    'Firehose windows: 1 of 1 records failed, with InternalFailure: Try again.',
  )
  expect(failing.sent).toHaveLength(4)
})

test('nothing to send is no request', async () => {
  const { sink, sent } = openSink(() => false)
  expect(await sink.send([])).toEqual([])
  expect(sent).toEqual([])
})

test('a poll’s last line is sent as it is, and thrown back where it is not taken', async () => {
  const { sink, stored } = openSink(() => false)
  await sink.sendLine('{"kind":"poll"}\n')
  expect(stored).toEqual(['{"kind":"poll"}\n'])
  await expect(openSink(() => true).sink.sendLine('{}\n')).rejects.toThrow('InternalFailure')
  await expect(sink.sendLine('x'.repeat(1_024_001))).rejects.toThrow('1024001 bytes')
})
