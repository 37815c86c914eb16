import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { stackOutputs } from '../stack-outputs.ts'
import type { Audit } from './audit.ts'
import type { CountStore } from './count-store.ts'
import type { VoteStream } from './vote-stream.ts'

export type OutputParts = { votes: VoteStream; counts: CountStore; audit: Pick<Audit, 'bucket'> }

/** Tells the commands (`npm run polls -- list --aws` and the others) what this stack calls its parts; `SiteUrl` is the site's. */
export const addOutputs = (scope: Construct, { votes, counts, audit }: OutputParts): void => {
  const output = (name: string, value: string, description: string): void => {
    // In the stack's scope, so that the output has this very name.
    new CfnOutput(Stack.of(scope), name, { value, description })
  }
  output(stackOutputs.tableName, counts.table.tableName, 'The count store')
  output(stackOutputs.streamName, votes.stream.streamName, 'The stream of votes')
  output(stackOutputs.archiveBucket, audit.bucket.bucketName, 'The archive, with votes/ and windows/')
}
