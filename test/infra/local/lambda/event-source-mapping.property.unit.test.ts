import fc from 'fast-check'
import { it } from 'vitest'
import { type Answer, mappingWorld, type Step } from './mapping-world.ts'

const answers: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 8, arbitrary: fc.constant('succeeds' as const) },
  { weight: 3, arbitrary: fc.constant('throws' as const) },
  { weight: 1, arbitrary: fc.constantFrom('is refused' as const, 'answers no state' as const) },
  { weight: 1, arbitrary: fc.constant('answers a state over 1 MB' as const) },
  { weight: 2, arbitrary: fc.record({ reported: fc.nat(5) }) },
)

const step = <D extends Step['do']>(name: D, rest: object = {}): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant(name), ...rest }) as fc.Arbitrary<Step>

const shard = fc.nat(7)
const backMs = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 7000 }) },
)
const waits = fc.oneof(fc.integer({ min: 1, max: 800 }), fc.integer({ min: 1000, max: 12_000 }))

const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: step('put', { shard, backMs }) },
    { weight: 14, arbitrary: step('answer', { invocation: fc.nat(5), answer: answers }) },
    { weight: 8, arbitrary: step('wait', { ms: waits }) },
    { weight: 1, arbitrary: step('split', { shard }) },
    { weight: 1, arbitrary: step('merge', { shard }) },
    { weight: 1, arbitrary: step('the destination fails', { times: fc.nat(2) }) },
    { weight: 1, arbitrary: step('store checkpoints') },
    { weight: 1, arbitrary: step('crash') },
    { weight: 1, arbitrary: step('stop') },
  ),
  { minLength: 10, maxLength: 80, size: 'max' },
)

const settings = fc.record({
  BatchSize: fc.constantFrom(1, 2, 3, 5, 100),
  TumblingWindowInSeconds: fc.constantFrom(5, 5, 5, 0),
  MaximumBatchingWindowInSeconds: fc.constantFrom(0, 0, 1),
  MaximumRetryAttempts: fc.constantFrom(-1, -1, 0, 1, 3),
  MaximumRecordAgeInSeconds: fc.constantFrom(-1, -1, 60),
  BisectBatchOnFunctionError: fc.boolean(),
  FunctionResponseTypes: fc.constantFrom([], ['ReportBatchItemFailures' as const]),
})

it('keeps the rules of a mapping whatever fails, restarts, splits or merges', async () => {
  await fc.assert(
    fc.asyncProperty(settings, steps, async (given, story) => {
      const world = mappingWorld(given)
      for (const each of story) await world.step(each)
      await world.comeToRest()
    }),
    { numRuns: 150 },
  )
}, 120_000)
