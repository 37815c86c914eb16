import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

/** The recount as SQL that Athena runs. */
export const recountSql = (): string => readFileSync(join(import.meta.dirname, 'recount.athena.sql'), 'utf8')

export type RecountQueryParts = {
  /** Name of the stack, which is unique in its account and Region. */
  stack: string
  databaseName: string
  results: Bucket
}

/** The saved recount, in a workgroup of its own: whoever may use that sees counts, and results that are encrypted. */
export class RecountQuery extends Construct {
  constructor(scope: Construct, id: string, { stack, databaseName, results }: RecountQueryParts) {
    super(scope, id)
    const workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: `${stack}-audit`,
      description: `The audit of ${stack}`,
      // It holds nothing but the saved query and the history of runs; without this it could not be removed.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: results.s3UrlForObject('recounts/'),
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    })
    const query = new CfnNamedQuery(this, 'Recount', {
      name: 'recount',
      description:
        "Recounts a final poll. Parameters: its id, and twice the UTC hour of its createdAt as 'YYYY/MM/DD/HH'.",
      workGroup: workGroup.name,
      database: databaseName,
      queryString: recountSql(),
    })
    query.node.addDependency(workGroup)
  }
}
