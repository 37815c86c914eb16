import type { Stack } from 'aws-cdk-lib'
import { CountStore } from '../../../infra/aws/count-store.ts'
import { checkedSettings, defaults, type Settings } from '../../../infra/aws/settings.ts'
import { VoteStream } from '../../../infra/aws/vote-stream.ts'

export const settingsOf = (changes: Partial<Settings> = {}): Settings =>
  checkedSettings({ ...defaults, ...changes })

/** The stream and the table that a stage stands beside. */
export const beside = (stack: Stack) => ({
  votes: new VoteStream(stack, 'Votes', settingsOf()),
  counts: new CountStore(stack, 'Counts', settingsOf()),
})
