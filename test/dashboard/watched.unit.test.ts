import { expect, it } from 'vitest'
import { watched } from '../../dashboard/watched.ts'

it('a metric that cannot be had is unknown, and told once for each time that it became so', async () => {
  const error = new Error('throttled')
  const read = [7, error, error, null, 8, null, error]
  const warned: unknown[] = []
  const age = watched(
    async () => {
      const next = read.shift() ?? null
      if (next instanceof Error) throw next
      return next
    },
    'It is unknown',
    (message, details) => warned.push({ message, ...details }),
  )
  const ages: (number | null)[] = []
  for (const _ of Array(7)) ages.push(await age())
  expect(ages).toEqual([7, null, null, null, 8, null, null])
  expect(warned).toEqual([{ message: 'It is unknown', error }, { message: 'It is unknown' }])
})
