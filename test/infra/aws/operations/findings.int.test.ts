import { expect, it } from 'vitest'
import { findingsOf } from '../findings-of.ts'
import { everything, operationsIn } from './operations-stack.ts'

it.each([
  { is: 'without anybody to tell', settings: {} },
  { is: 'with everything', settings: everything },
])(
  'operations leave cdk-nag nothing to say, $is',
  ({ settings }) => {
    expect(findingsOf((stack) => operationsIn(stack, settings))).toEqual([])
  },
  120_000,
)
