/** The name of a stack that was given no other. */
export const defaultStackName = 'placar'

/**
 * The outputs by which the commands find a deployed stack with `--aws`, since nothing in it has a fixed name: infra/aws
 * writes them, infra/cli reads them.
 */
export const stackOutputs = {
  url: 'SiteUrl',
  tableName: 'TableName',
  streamName: 'StreamName',
  archiveBucket: 'ArchiveBucket',
} as const

/** What a stack calls its parts. `url` has no slash at its end. */
export type StackParts = Record<keyof typeof stackOutputs, string>
