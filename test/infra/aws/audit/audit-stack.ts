import type { Stack } from 'aws-cdk-lib'
import { Audit } from '../../../../infra/aws/audit.ts'
import { checkedSettings, defaults, type Settings } from '../../../../infra/aws/settings.ts'
import { VoteStream } from '../../../../infra/aws/vote-stream.ts'

/** The audit beside the stream that it reads. */
export const auditIn = (stack: Stack, changes: Partial<Settings> = {}): Audit => {
  const settings = checkedSettings({ ...defaults, ...changes })
  return new Audit(stack, 'Audit', { settings, votes: new VoteStream(stack, 'Votes', settings) })
}
