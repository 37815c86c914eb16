import { Bucket } from 'aws-cdk-lib/aws-s3'
import { expect, it } from 'vitest'
import { CountStore } from '../../../infra/aws/count-store.ts'
import { addOutputs } from '../../../infra/aws/outputs.ts'
import { defaults } from '../../../infra/aws/settings.ts'
import { VoteStream } from '../../../infra/aws/vote-stream.ts'
import { defaultStackName, stackOutputs } from '../../../infra/stack-outputs.ts'
import { siteIn, smallPage } from './site/site-stack.ts'
import { templateOf } from './template-of.ts'

const template = templateOf((stack) => {
  const votes = new VoteStream(stack, 'Votes', defaults)
  const counts = new CountStore(stack, 'Counts', defaults)
  addOutputs(stack, { votes, counts, audit: { bucket: new Bucket(stack, 'Archive') } })
})
const outputs = template.findOutputs('*')
const typeOf = (name: string): unknown => {
  const { Ref } = outputs[name]?.Value ?? {}
  return template.toJSON().Resources[Ref]?.Type
}

it('the table, the stream and the archive are told by the names that AWS gives them', () => {
  expect({
    [stackOutputs.tableName]: typeOf(stackOutputs.tableName),
    [stackOutputs.streamName]: typeOf(stackOutputs.streamName),
    [stackOutputs.archiveBucket]: typeOf(stackOutputs.archiveBucket),
  }).toEqual({
    TableName: 'AWS::DynamoDB::Table',
    StreamName: 'AWS::Kinesis::Stream',
    ArchiveBucket: 'AWS::S3::Bucket',
  })
})

it('none is exported, which would take its name for the whole account and Region', () => {
  for (const output of Object.values(outputs)) expect(output).not.toHaveProperty('Export')
})

it("the site's address is an output of the site's own", () => {
  const site = templateOf((stack) => siteIn(stack, smallPage()))
  expect(site.findOutputs('*')).toHaveProperty(stackOutputs.url)
})

it('a stack is called by default what --aws looks for by default', () => {
  expect(defaults.stack).toBe(defaultStackName)
})
