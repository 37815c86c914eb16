import { expect, test } from 'vitest'
import { withResult } from '../../../../infra/cli/bench/document.ts'

const text =
  '# Benchmarks\n\n<!-- bench:one -->\nold\n<!-- /bench:one -->\n\n<!-- bench:two -->\n<!-- /bench:two -->\n'

test('a result takes the place of what stood between its markers, and of nothing else', () => {
  const filled = withResult(text, 'one', '| $& | 1 |\n') ?? ''
  expect(filled).toBe(text.replace('\nold\n', () => '\n\n| $& | 1 |\n\n'))
  expect(withResult(filled, 'one', 'new')).toBe(text.replace('\nold\n', '\n\nnew\n\n'))
})

test('a result can stand between empty markers', () => {
  expect(withResult(text, 'two', 'new')).toContain('<!-- bench:two -->\n\nnew\n\n<!-- /bench:two -->\n')
})

test('without both of its markers, in their order, a document has no place for a result', () => {
  expect(withResult(text, 'three', 'new')).toBeUndefined()
  expect(withResult(text.replace('<!-- /bench:two -->', ''), 'two', 'new')).toBeUndefined()
  expect(withResult('<!-- /bench:two -->\n<!-- bench:two -->\n', 'two', 'new')).toBeUndefined()
})
