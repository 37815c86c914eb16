import { expect, it } from 'vitest'
import { urlOf } from '../../../infra/local/port.ts'

it.each([
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['localhost', 'http://localhost:8080'],
  ['::1', 'http://[::1]:8080'],
])('what listens on %s is reached at %s', (host, url) => {
  expect(urlOf(host, 8080)).toBe(url)
})
