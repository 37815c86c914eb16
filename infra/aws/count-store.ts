import { type Attribute, AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { expiresAttribute } from '../../ingest/count-table.ts'
import { countTable } from '../count-table.ts'
import { keepUnless } from './removal.ts'
import type { Settings } from './settings.ts'

/** What our stores ask of the table. */
export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem'

/** The one table that counting needs (design, section 6). */
export class CountStore extends Construct {
  readonly table: Table

  constructor(scope: Construct, id: string, { removeVotes }: Settings) {
    super(scope, id)
    this.table = new Table(this, 'Table', {
      ...keys(countTable),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: expiresAttribute,
      deletionProtection: !removeVotes,
      removalPolicy: keepUnless(removeVotes),
    })
    for (const [indexName, key] of Object.entries(countTable.indexes))
      this.table.addGlobalSecondaryIndex({ indexName, ...keys(key), projectionType: ProjectionType.ALL })
  }

  /** These actions on the table and, where some are named, a query of these indexes. */
  allow(grantee: IGrantable, actions: readonly TableAction[], indexes: readonly string[] = []): void {
    const { tableArn } = this.table
    Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `dynamodb:${action}`),
      resourceArns: [tableArn],
    })
    if (indexes.length === 0) return
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: indexes.map((index) => `${tableArn}/index/${index}`),
    })
  }
}

const keys = ({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) => ({
  partitionKey: attribute(partitionKey),
  sortKey: attribute(sortKey),
})

const attribute = (name: string): Attribute => ({
  name,
  type: countTable.types[name] === 'N' ? AttributeType.NUMBER : AttributeType.STRING,
})
