import { expect, it } from 'vitest'
import { tooFewText } from '../../../../infra/cli/shards/set-warning.ts'
import { evenStream } from './even-stream.ts'

/** A stream of 10 shards that is offered so many records/s. */
const offered = (recordsPerSecond: number) => {
  const { look } = evenStream(1, 10)
  look(recordsPerSecond)
  return look(recordsPerSecond)
}

it('so few shards that the present rate overflows them are warned of, with how many it needs', () => {
  expect(tooFewText(offered(8_000), 4)).toMatch(
    /^Warning: 4 shards are too few for what is sent now, (199|200|201) % of what they take: .+ It needs 10\.$/,
  )
})

it('what fits is not warned of, nor what is not known', () => {
  expect(tooFewText(offered(7_500), 8)).toBeUndefined()
  expect(tooFewText({ ...offered(8_000), traffic: null }, 4)).toBeUndefined()
})
