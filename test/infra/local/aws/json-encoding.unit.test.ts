import fc from 'fast-check'
import { expect, test } from 'vitest'
import { json } from '../../../../infra/local/aws/json-encoding.ts'
import { WireBlob, WireTimestamp } from '../../../../infra/local/aws/wire-value.ts'

test('blobs are base64 and timestamps seconds, in both directions', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 4e12 }), (data, ms) => {
      const output = { Data: new WireBlob(Buffer.from(data)), At: new WireTimestamp(ms) }
      const { Data, At } = JSON.parse(String(json.encode(output)))
      expect([json.readBlob(Data), json.readTimestamp(At)]).toEqual([Buffer.from(data), ms])
    }),
  )
})

test('text that is no base64 to the letter is no blob', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'AaQ9+/=-_ é'), maxLength: 12 })
  const isBase64 = (text: string): boolean =>
    /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/.test(text)
  fc.assert(
    fc.property(letters, (text) => {
      expect(Buffer.isBuffer(json.readBlob(text))).toBe(isBase64(text))
    }),
    { numRuns: 2000 },
  )
})
