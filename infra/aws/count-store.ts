import { type Attribute, AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'
import { expiresAttribute } from '../../ingest/count-table.ts'
import { countTable } from '../count-table.ts'
import { keepUnless } from './removal.ts'
import type { Settings } from './settings.ts'

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
}

const keys = ({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) => ({
  partitionKey: attribute(partitionKey),
  sortKey: attribute(sortKey),
})

const attribute = (name: string): Attribute => ({
  name,
  type: countTable.types[name] === 'N' ? AttributeType.NUMBER : AttributeType.STRING,
})
