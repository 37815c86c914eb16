import { describe, expect, it } from 'vitest'
import { CountStore } from '../../../infra/aws/count-store.ts'
import type { Settings } from '../../../infra/aws/settings.ts'
import { countTable } from '../../../infra/count-table.ts'
import { settingsOf } from './stage-parts.ts'
import { only, templateOf } from './template-of.ts'

describe('the count store', () => {
  const table = (changes: Partial<Settings> = {}) =>
    only(
      templateOf((stack) => new CountStore(stack, 'Counts', settingsOf(changes))),
      'AWS::DynamoDB::Table',
    )

  it('has the keys and indexes that the laptop has', () => {
    const { Properties } = table()
    const keys = (schema: { AttributeName: string }[]) => schema.map(({ AttributeName }) => AttributeName)
    expect(keys(Properties.KeySchema)).toEqual(['PK', 'SK'])
    const indexes = Properties.GlobalSecondaryIndexes.map(
      (index: { IndexName: string; KeySchema: { AttributeName: string }[]; Projection: object }) => [
        index.IndexName,
        ...keys(index.KeySchema),
        index.Projection,
      ],
    )
    expect(indexes).toEqual(
      Object.entries(countTable.indexes).map(([name, key]) => [
        name,
        key.partitionKey,
        key.sortKey,
        { ProjectionType: 'ALL' },
      ]),
    )
    const types = Properties.AttributeDefinitions.map(
      ({ AttributeName, AttributeType }: { AttributeName: string; AttributeType: string }) => [
        AttributeName,
        AttributeType,
      ],
    )
    expect(Object.fromEntries(types)).toEqual(countTable.types)
  })

  it('is on demand, with recovery to a point in time and items that expire', () => {
    expect(table().Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    })
  })

  it('is protected and outlives its stack, unless it was told otherwise', () => {
    expect(table()).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    })
    expect(table({ removeVotes: true })).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    })
  })
})
