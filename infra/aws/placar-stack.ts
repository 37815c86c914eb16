import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Aggregation } from './aggregation.ts'
import { Audit } from './audit.ts'
import { CountStore } from './count-store.ts'
import { Exporting } from './exporting.ts'
import { FrontDoor } from './front-door.ts'
import { Operations } from './operations.ts'
import { addOutputs } from './outputs.ts'
import { PollCloser } from './poll-closer.ts'
import { Scoreboard } from './scoreboard.ts'
import type { Settings } from './settings.ts'
import { ShowTimes } from './show-times.ts'
import { Site } from './site.ts'
import { TimeSeries } from './time-series.ts'
import { VoteStream } from './vote-stream.ts'

/** Placar on AWS, in the order in which a vote passes through it (design, section 2). */
export class PlacarStack extends Stack {
  constructor(scope: Construct, id: string, settings: Settings, props: StackProps = {}) {
    super(scope, id, { description: 'Placar: live vote counting', ...props })

    const votes = new VoteStream(this, 'Votes', settings)
    const frontDoor = new FrontDoor(this, 'FrontDoor', { settings, votes })
    const counts = new CountStore(this, 'Counts', settings)
    const audit = new Audit(this, 'Audit', { settings, votes })
    // Firehose begins with what comes after it: no vote is to come before.
    frontDoor.node.addDependency(audit.rawVotes)
    const { aggregator, mappingId } = new Aggregation(this, 'Aggregation', {
      votes,
      counts,
      failures: audit.failures,
    })
    const timeSeries = settings.timeSeries ? new TimeSeries(this, 'TimeSeries', settings) : undefined
    const { exporter } = new Exporting(this, 'Exporting', { counts, audit, timeSeries })
    const { closer } = new PollCloser(this, 'PollCloser', { votes, counts })
    const { url } = new Scoreboard(this, 'Scoreboard', { votes, counts, aggregator })
    new Site(this, 'Site', { settings, frontDoor, reads: url })
    addOutputs(this, { votes, counts, audit })
    const showTimes =
      settings.showTimes.length > 0 ? new ShowTimes(this, 'ShowTimes', { settings, votes }) : undefined
    new Operations(this, 'Operations', {
      settings,
      frontDoor,
      votes,
      audit,
      mappingId,
      functions: { aggregator, exporter, closer, ...(showTimes ? { scaler: showTimes.scaler } : {}) },
    })
  }
}
