import { Validations } from 'aws-cdk-lib'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-timestream'
import { Construct } from 'constructs'
import { keepUnless } from './removal.ts'
import type { Settings } from './settings.ts'

/**
 * Windows as a time series in Timestream for LiveAnalytics. By opt-in only: AWS closed it to new customers on 2025-06-20
 * (its developer guide); accounts that had it go on.
 */
export class TimeSeries extends Construct {
  readonly databaseName: string
  readonly tableName: string
  readonly #table: CfnTable

  constructor(scope: Construct, id: string, { removeVotes }: Settings) {
    super(scope, id)
    const database = new CfnDatabase(this, 'Database')
    database.applyRemovalPolicy(keepUnless(removeVotes))
    this.#table = new CfnTable(this, 'Table', {
      databaseName: database.ref,
      retentionProperties: {
        // A sink may be down for hours; what is older than the memory store is refused.
        MemoryStoreRetentionPeriodInHours: '168',
        MagneticStoreRetentionPeriodInDays: '365',
      },
    })
    this.#table.applyRemovalPolicy(keepUnless(removeVotes))
    for (const part of [database, this.#table])
      Validations.of(part).acknowledge({
        id: 'CloudFormation-Validate::W3697',
        reason:
          'Closed to new customers since 2025-06-20: it is there by opt-in, for accounts that still have it.',
      })
    Validations.of(database).acknowledge({
      id: 'AwsSolutions-TS3',
      reason: "Totals of votes, which the scoreboard shows to everybody; AWS's own key encrypts them.",
    })
    this.databaseName = database.ref
    this.tableName = this.#table.attrName
  }

  grantWrite(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['timestream:WriteRecords'],
      resourceArns: [this.#table.attrArn],
    })
    // The SDK asks where to write; AWS knows no resources for that.
    Grant.addToPrincipal({
      grantee,
      actions: ['timestream:DescribeEndpoints'],
      resourceArns: ['*'],
    })
  }
}
