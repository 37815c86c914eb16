import { expect, it } from 'vitest'
import { findingsOf } from '../findings-of.ts'
import { auditIn } from './audit-stack.ts'

it.each([
  { is: 'as it is by default', settings: {} },
  { is: 'with object lock', settings: { objectLockDays: 30 } },
  { is: 'removed with its stack', settings: { removeVotes: true } },
])(
  'the audit leaves cdk-nag nothing to say, $is',
  ({ settings }) => {
    expect(findingsOf((stack) => auditIn(stack, settings))).toEqual([])
  },
  120_000,
)
