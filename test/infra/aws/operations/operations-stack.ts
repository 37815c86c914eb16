import type { Stack } from 'aws-cdk-lib'
import { Aggregation } from '../../../../infra/aws/aggregation.ts'
import { Audit } from '../../../../infra/aws/audit.ts'
import { CountStore } from '../../../../infra/aws/count-store.ts'
import { Exporting } from '../../../../infra/aws/exporting.ts'
import { FrontDoor } from '../../../../infra/aws/front-door.ts'
import { Operations } from '../../../../infra/aws/operations.ts'
import { PollCloser } from '../../../../infra/aws/poll-closer.ts'
import { checkedSettings, defaults, type Settings } from '../../../../infra/aws/settings.ts'
import { ShowTimes } from '../../../../infra/aws/show-times.ts'
import { VoteStream } from '../../../../infra/aws/vote-stream.ts'

/** Everything that can be switched on. */
export const everything: Partial<Settings> = {
  showTimes: [{ at: '2026-12-24T20:00:00Z', shards: 64 }],
  alarmEmail: 'show@example.com',
  monthlyBudget: 250,
}

/** Operations, beside the stages that it watches: named as in placar-stack.ts. */
export const operationsIn = (stack: Stack, changes: Partial<Settings> = {}): void => {
  const settings = checkedSettings({ ...defaults, ...changes })
  const votes = new VoteStream(stack, 'Votes', settings)
  const counts = new CountStore(stack, 'Counts', settings)
  const frontDoor = new FrontDoor(stack, 'FrontDoor', { settings, votes })
  const audit = new Audit(stack, 'Audit', { settings, votes })
  const { aggregator, mappingId } = new Aggregation(stack, 'Aggregation', {
    votes,
    counts,
    failures: audit.failures,
  })
  const { exporter } = new Exporting(stack, 'Exporting', { counts, audit, timeSeries: undefined })
  const { closer } = new PollCloser(stack, 'PollCloser', { votes, counts })
  const shows = settings.showTimes.length > 0 ? new ShowTimes(stack, 'ShowTimes', { settings, votes }) : null
  new Operations(stack, 'Operations', {
    settings,
    frontDoor,
    votes,
    audit,
    mappingId,
    functions: { aggregator, exporter, closer, ...(shows ? { scaler: shows.scaler } : {}) },
  })
}
