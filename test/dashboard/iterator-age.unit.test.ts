import { expect, it } from 'vitest'
import { watchedAge } from '../../dashboard/iterator-age.ts'

it('an age that cannot be had is unknown, and told once for each time that it became so', async () => {
  const error = new Error('throttled')
  const read = [7, error, error, null, 8, null, error]
  const warned: unknown[] = []
  const age = watchedAge(
    async () => {
      const next = read.shift() ?? null
      if (next instanceof Error) throw next
      return next
    },
    (_message, details) => warned.push(details),
  )
  const ages: (number | null)[] = []
  for (const _ of Array(7)) ages.push(await age())
  expect(ages).toEqual([7, null, null, null, 8, null, null])
  expect(warned).toEqual([{ error }, {}])
})
