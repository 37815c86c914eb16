import { expect, test } from 'vitest'
import { cbor } from '../../../../infra/local/aws/cbor-encoding.ts'
import { json } from '../../../../infra/local/aws/json-encoding.ts'
import { action, rpcService } from '../../../../infra/local/aws/rpc-service.ts'
import { refusal } from '../../../../infra/local/aws/service.ts'
import { otherDecode, otherEncode } from './other-cbor.ts'

const cborHeaders = { 'content-type': 'application/x-amz-cbor-1.1' }

/** A service with one action, which tells the length of a blob. */
const measuring = (encodings: Parameters<typeof rpcService>[0]['encodings']) =>
  rpcService({
    prefix: 'Measure_1',
    encodings,
    context: undefined,
    actions: new Map([
      [
        'Measure',
        action({ Data: { type: 'blob', required: true } }, (_, { Data }) => ({ Length: Data.length })),
      ],
    ]),
  })

test('an action is the same for every encoding its service takes', async () => {
  const service = measuring([json, cbor])
  for (const type of json.mediaTypes) {
    const body = Buffer.from(JSON.stringify({ Data: Buffer.from('four').toString('base64') }))
    const answer = await service.handle('Measure', body, { 'content-type': type })
    expect(answer).toEqual({ status: 200, headers: { 'content-type': type }, body: '{"Length":4}' })
  }
  const answer = await service.handle('Measure', otherEncode({ Data: Buffer.from('four') }), cborHeaders)
  expect(answer).toMatchObject({ status: 200, headers: cborHeaders })
  expect(otherDecode(Buffer.from(answer.body))).toEqual({ Length: 4 })
})

test('an encoding that a service does not take is refused, in JSON', async () => {
  const answer = await measuring([json]).handle('Measure', otherEncode({}), cborHeaders)
  expect(answer).toMatchObject({ status: 415, headers: { 'content-type': 'application/x-amz-json-1.1' } })
  expect(JSON.parse(String(answer.body))).toEqual({
    __type: 'UnsupportedMediaTypeException',
    message:
      "Content-Type is 'application/x-amz-cbor-1.1'; " +
      'expected application/x-amz-json-1.1 or application/x-amz-json-1.0.',
  })
})

test('a refusal before or behind the service is in the encoding of its request', () => {
  const reason = refusal('InternalFailure', 'broken')
  const written = { __type: 'InternalFailure', message: 'broken' }
  const inCbor = measuring([json, cbor]).refuse?.(reason, cborHeaders)
  expect(inCbor).toMatchObject({ status: 500, headers: cborHeaders })
  expect(otherDecode(Buffer.from(inCbor?.body ?? ''))).toEqual(written)
  const elsewhere = measuring([json]).refuse?.(reason, cborHeaders)
  expect(JSON.parse(String(elsewhere?.body))).toEqual(written)
})
