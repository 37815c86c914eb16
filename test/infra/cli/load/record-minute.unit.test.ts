import { expect, test } from 'vitest'
import { recordMinutePlan } from '../../../../infra/cli/load/record-minute.ts'

test('no request of the record minute may be throttled', () => {
  const mix = {
    poll: 'final',
    options: [{ option: 'ana', weight: 1 }],
    unknownOptionShare: 0,
    unknownPollShare: 0,
    batch: 500,
  }
  const settings = { connections: 1, pipeline: 1, threads: 1, seed: 1, drainMs: 1 }
  const address = { host: '127.0.0.1', port: 1, basePath: '' }
  const { kinds, schedule } = recordMinutePlan({ ...settings, address, mix, rate: 49_800, seconds: 60 })
  expect(schedule.size * 500).toBe(2_988_000)
  expect(new Set(kinds.map(({ mayBeThrottled }) => mayBeThrottled))).toEqual(new Set([false]))
})
