import { expect, test } from 'vitest'
import { isLoopbackHost } from '../../../../infra/local/aws/loopback-host.ts'

test.each(['localhost', 'LOCALHOST:4566', '127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:4566'])(
  '%s is this machine',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true)
  },
)

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  'evil.example:4566',
  '127.0.0.1.evil.example',
  '127.0.0.1:4566@evil.example',
  '127.0.0.2',
  '0.0.0.0',
  '::1',
  'localhost:',
  'localhost:123456',
  'localhost\n',
])('%j is not', (host) => {
  expect(isLoopbackHost(host)).toBe(false)
})
