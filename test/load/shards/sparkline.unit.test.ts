import { expect, it } from 'vitest'
import { sparkline } from '../../../load/shards/sparkline.ts'

it('bars rise with the values, up to what is full', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 8, 20)).toBe('▁▁▂▃▄▅▆▇█')
  expect(sparkline([4, 99], 8, 20)).toBe('▄█')
  expect(sparkline([0, 0], 0, 20)).toBe('▁▁')
  expect(sparkline([], 8, 20)).toBe('')
})

it('more values than there is room for are means of neighbours', () => {
  expect(sparkline([8, 8, 0, 8, 0, 0], 8, 3)).toBe('█▄▁')
  expect(sparkline([8, 8, 8, 0, 0], 8, 2)).toBe('█▃')
})
