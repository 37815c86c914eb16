import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { Audit } from './audit.ts'
import type { FrontDoor } from './front-door.ts'
import { alarmTopic } from './operations/alarm-topic.ts'
import { addAlarms } from './operations/alarms.ts'
import { addBudget } from './operations/budget.ts'
import { addDashboard } from './operations/dashboard.ts'
import { pipelineMetrics } from './operations/metrics.ts'
import { publishUnder } from './operations/namespace.ts'
import type { Settings } from './settings.ts'
import type { VoteStream } from './vote-stream.ts'

export type OperationsParts = {
  settings: Settings
  frontDoor: FrontDoor
  votes: VoteStream
  audit: Audit
  mappingId: string
  functions: {
    aggregator: LambdaFunction
    exporter: LambdaFunction
    closer: LambdaFunction
    /** Where there are show times. */
    scaler?: LambdaFunction
  }
}

/** How one sees that all is well, and hears when it is not. What to do then is in docs/runbook.md. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, parts: OperationsParts) {
    super(scope, id)
    const { settings, functions } = parts
    publishUnder(this, [functions.aggregator, functions.exporter, functions.closer])
    const metrics = pipelineMetrics(this, parts)
    const alarms = addAlarms(this, metrics, alarmTopic(this, settings))
    addDashboard(this, metrics, alarms)
    addBudget(this, settings)
  }
}
