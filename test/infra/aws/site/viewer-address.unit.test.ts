import { createContext, runInContext } from 'node:vm'
import { expect, it } from 'vitest'
import { viewerAddressCode } from '../../../../infra/aws/site/viewer-address.ts'

/** Runs the code as CloudFront does, with an event of its shape, and returns the headers that go on. */
const run = (headers: Record<string, object>): Record<string, object> => {
  const event = { viewer: { ip: '203.0.113.7' }, request: { method: 'POST', headers } }
  const world = createContext({ event })
  return runInContext(`${viewerAddressCode('x-placar-viewer')}\nhandler(event)`, world).headers
}

it('the front door is told the address that CloudFront saw', () => {
  expect(run({})).toEqual({ 'x-placar-viewer': { value: '203.0.113.7' } })
})

it('what a viewer says of its address is written over, however often it says it', () => {
  const forged = { value: '198.51.100.1', multiValue: [{ value: '198.51.100.1' }, { value: '198.51.100.2' }] }
  expect(run({ 'x-placar-viewer': forged })).toEqual({ 'x-placar-viewer': { value: '203.0.113.7' } })
})

it('every other header goes on as it came', () => {
  const headers = { 'x-api-key': { value: 'k' }, 'content-type': { value: 'application/json' } }
  expect(run({ ...headers })).toMatchObject(headers)
})
